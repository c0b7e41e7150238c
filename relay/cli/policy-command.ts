import { loadEnvironment } from '../config.ts';
import { EVERY_TEAM, type PolicyFile } from '../policy/policy-schema.ts';
import { type PolicySection, policyWords } from '../policy/policy-words.ts';
import { PolicyError, readPolicyFile } from '../policy/read-policy.ts';
import { policyOf } from '../policy/team-policy.ts';
import { type Command, EXIT, readOptions, type Terminal, usage } from './command.ts';
import { commandName } from './command-name.ts';

const OPTIONS = { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } as const;

/** `policy check`: reads a policy file and says in words what it means: those that an auditor is answered by `GET /api/policy`. */
export const policyCommand: Command = {
  run: async (args, terminal) => runPolicyCommand(args, terminal, () => loadEnvironment().POLICY_FILE?.trim()),
};

/** What `policy --help` prints. */
export function policyHelp(): string {
  return `Checks a policy file, and says in words what it means for each team. Nothing that runs is changed: a relay reads the file anew on SIGHUP.

Usage: ${commandName()} policy check [FILE] [--json]

  FILE     JSON or YAML; without it, that of POLICY_FILE
  --json   the result as JSON, for programs: {"valid":true,"digest":…,"words":…} or {"valid":false,"problems":[…]}

Exit codes: 0 it can be used, 1 it cannot. What a policy may say: docs/policy.md
`;
}

/** @param configured the file that the relay is configured with, if any. @throws UsageError */
export function runPolicyCommand(
  args: readonly string[],
  terminal: Terminal,
  configured: () => string | undefined,
): number {
  const words = args.filter((arg) => !arg.startsWith('-'));
  const { help, json } = readOptions(
    'policy',
    args.filter((arg) => arg.startsWith('-')),
    OPTIONS,
  );
  if (help) {
    terminal.out(policyHelp());
    return EXIT.done;
  }
  const [action, given, ...others] = words;
  if (action !== 'check' || others.length > 0) throw usage('policy', `There is one action: policy check [FILE].`);
  const file = given ?? configured();
  if (!file) throw usage('policy', 'No file was named, and POLICY_FILE is not set.');
  try {
    const { file: policy, digest } = readPolicyFile(file);
    const described = describe(policy);
    terminal.out(
      json ? `${JSON.stringify({ valid: true, digest, words: described })}\n` : inWords(file, digest, described),
    );
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    if (json) terminal.out(`${JSON.stringify({ valid: false, problems: error.problems })}\n`);
    else terminal.err(`${error.message}\n`);
    return EXIT.failed;
  }
}

/** A policy in words. */
interface Described {
  /** What is kept. */
  readonly audit: readonly string[];
  /** By team, as the file names them; `*` is every other one. */
  readonly teams: Readonly<Record<string, readonly PolicySection[]>>;
}

function describe(file: PolicyFile): Described {
  const kept = { audit: file.audit, trailIsStored: true };
  const sectionsOf = (team: string) => policyWords(policyOf(file, team), kept, 'en', { role: 'auditor', id: '' });
  const names = [EVERY_TEAM, ...Object.keys(file.teams).filter((name) => name !== EVERY_TEAM)];
  const isJournal = ({ id }: PolicySection): boolean => id === 'journal';
  return {
    audit: sectionsOf(EVERY_TEAM).find(isJournal)?.lines ?? [],
    teams: Object.fromEntries(names.map((name) => [name, sectionsOf(name).filter((each) => !isJournal(each))])),
  };
}

function inWords(file: string, digest: string, { audit, teams }: Described): string {
  const list = (lines: readonly string[]): string => lines.map((line) => `  - ${line}\n`).join('');
  const sections = Object.entries(teams).map(([name, said]) => {
    const heading = name === EVERY_TEAM ? 'Every team that has no rules of its own' : `Team ${JSON.stringify(name)}`;
    return `${heading}\n${said.map(({ title, lines }) => ` ${title}\n${list(lines)}`).join('')}`;
  });
  return `${file} can be used (SHA-256 ${digest.slice(0, 16)}…).\n\n${sections.join('\n')}\nWhat is kept, where the audit trail is stored (AUDIT_DIR)\n${list(audit)}`;
}
