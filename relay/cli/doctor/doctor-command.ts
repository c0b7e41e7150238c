import { ConfigError } from '../../config/problems.ts';
import { loadEnvironment } from '../../config.ts';
import { readPackageInfo } from '../../package-info.ts';
import { type Command, EXIT, readOptions, usage } from '../command.ts';
import { commandName } from '../command-name.ts';
import { withoutCredentials } from '../printable.ts';
import { examine } from './examine.ts';
import { type Finding, type FindingStatus, failed } from './finding.ts';

const OPTIONS = {
  name: { type: 'string' },
  clock: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const HELP =
  () => `Finds out why a relay does not work, or will not: settings, ports and the announced address, certificate, keys, Redis, STUN and
TURN, the media worker, clock, limits. Reads the same variables as the relay, and may run before it or beside it. Changes nothing.

Usage: ${commandName()} doctor [--name HOST] [--clock URL] [--json]

  --name HOST   the host name by which pages reach the relay: is the certificate for it? (default: that of NODE_URL)
  --clock URL   what to compare the clock with: ntp://HOST[:PORT], or an http(s) address (default: the server of JWKS_URL)
  --json        one JSON object: {"ok", "version", "findings": [{"id", "status": "ok|warning|failed|skipped", "text", "fix"}]}

Code 0: nothing is broken, though there may be warnings; 1: something is. What a phone sees, only a phone can tell: open the page
/doctor of the relay there.
`;

const MARK: Readonly<Record<FindingStatus, string>> = { ok: '✓', warning: '!', failed: '✗', skipped: '–' };

/** `doctor`: examines this machine's part of the service. */
export const doctorCommand: Command = {
  run: async (args, { out }) => {
    const { help, json, name, clock } = readOptions('doctor', args, OPTIONS);
    if (help) {
      out(HELP());
      return EXIT.done;
    }
    const hints = { name: name ?? null, clock: clock === undefined ? null : readClock(clock) };
    // What is waited for (timers that hold nothing) must not let the process end.
    const staying = setInterval(() => undefined, 60_000);
    try {
      const findings = await examineAll(hints);
      const good = findings.every(({ status }) => status !== 'failed');
      const { version } = readPackageInfo();
      out(json ? `${JSON.stringify({ ok: good, version, findings }, null, 2)}\n` : describe(findings));
      return good ? EXIT.done : EXIT.failed;
    } finally {
      clearInterval(staying);
    }
  },
};

async function examineAll(hints: Parameters<typeof examine>[1]): Promise<Finding[]> {
  try {
    return await examine(loadEnvironment(), hints);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((text) =>
      failed('configuration', text, 'The relay does not start before this is mended.'),
    );
  }
}

function readClock(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['ntp:', 'http:', 'https:'].includes(url.protocol) || url.hostname === '')
    throw usage(
      'doctor',
      `--clock is ${JSON.stringify(withoutCredentials(text))}: it must begin with ntp://, http:// or https://.`,
    );
  return url;
}

function describe(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ id, status, text, fix }) => [
    `${MARK[status]} ${id}: ${text}`,
    ...(fix === null ? [] : [`    ${fix}`]),
  ]);
  const count = (status: FindingStatus): number => findings.filter((finding) => finding.status === status).length;
  const [broken, warned] = [count('failed'), count('warning')];
  lines.push('', broken > 0 ? `${broken} broken, ${warned} warnings` : `nothing broken, ${warned} warnings`);
  return `${lines.join('\n')}\n`;
}
