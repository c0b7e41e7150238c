/** From which severity on a vulnerability fails the audit. */
const FAILS_FROM = 'moderate';
const SEVERITIES = ['info', 'low', 'moderate', 'high', 'critical'];

/**
 * Judges what `npm audit --json` printed.
 * @param {any} answer
 * @param {string} registry asked
 * @returns {{ outcome: 'clean' | 'vulnerable' | 'not-asked', text: string }} `not-asked`: nothing was found out, neither good nor bad
 */
export function judgeAudit(answer, registry) {
  const counts = answer?.metadata?.vulnerabilities;
  if (answer?.auditReportVersion === undefined || counts === undefined) {
    const reason = answer?.message ?? answer?.error?.summary ?? 'npm gave no reason';
    return {
      outcome: 'not-asked',
      text: [
        `NOT AUDITED: the registry's audit endpoint could not be asked (${registry}).`,
        `  Reason: ${String(reason).split('\n')[0]}`,
        '  Nothing is known about vulnerabilities, neither good nor bad. Mirrors and closed networks often pass packages only:',
        '  run "npm run audit" where the public npm registry is reachable.',
      ].join('\n'),
    };
  }
  const found = Object.values(answer.vulnerabilities).map(
    ({ name, severity, range, fixAvailable }) =>
      `  ${severity.padEnd(8)}  ${name} ${range}${fixAvailable ? '  (a fixed version exists)' : ''}`,
  );
  const failing = SEVERITIES.slice(SEVERITIES.indexOf(FAILS_FROM)).reduce((sum, name) => sum + (counts[name] ?? 0), 0);
  const summary = `${answer.metadata.dependencies?.total ?? '?'} packages audited: ${counts.total} vulnerabilities, ${failing} of them ${FAILS_FROM} or worse`;
  return { outcome: failing > 0 ? 'vulnerable' : 'clean', text: [summary, ...found].join('\n') };
}
