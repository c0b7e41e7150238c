import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chainsIn } from '../audit/chain/days.ts';
import { fingerprint } from '../audit/chain/signing-key.ts';
import { type ChainReport, verifyChain } from '../audit/chain/verify-chain.ts';
import { TrailReader, type TrailRecord } from '../audit/trail-reader.ts';
import { loadEnvironment } from '../config.ts';
import { type Command, EXIT, type Terminal, usage } from './command.ts';
import { commandName } from './command-name.ts';

const OPTIONS = {
  dir: { type: 'string' },
  chain: { type: 'string' },
  key: { type: 'string' },
  anchor: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  csv: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const HELP = () => `Reads and verifies the audit trail that AUDIT_DIR keeps.

Usage: ${commandName()} audit verify [--chain NAME] [--key KEY] [--anchor HASH] [--json]
       ${commandName()} audit export [--from DAY] [--to DAY] [--csv]
       ${commandName()} audit who-heard ID [--from DAY] [--to DAY] [--json]

  verify      says whether anything was changed, taken out, cut off or added, of every relay's chain. Code 0: nothing; 1: something
  export      writes every record, the oldest first, as lines of JSON, or as CSV
  who-heard   says who heard this commercial, when, how long, and why it ended. ID is the sub of their token

  --dir       the folder (default: AUDIT_DIR, from the environment or the env file)
  --chain     one relay's chain alone
  --key       the public key, or its SHA256:... fingerprint, as written down when the trail began: a chain made anew with another key is told
  --anchor    a hash from the log ("day of the audit trail closed and signed") or an earlier verify, kept elsewhere: it must be in the
              chain, so that an end that was cut off, or a chain made anew, is told
  --from, --to  days in UTC, YYYY-MM-DD, both included
`;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Options as they were read. */
interface Values {
  readonly chain?: string | undefined;
  readonly key?: string | undefined;
  readonly anchor?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly csv: boolean;
  readonly json: boolean;
}

/** `audit`: looks into the trail without disturbing the relay that writes it. */
export const auditCommand: Command = {
  run: async (args, terminal) => {
    const { values, positionals } = parse(args);
    const [action, ...rest] = positionals;
    if (values.help) {
      terminal.out(HELP());
      return EXIT.done;
    }
    const known = action === 'verify' || action === 'export' || action === 'who-heard';
    if (!known) throw wrong(action === undefined ? 'verify, export or who-heard?' : `There is no "audit ${action}".`);
    const id = action === 'who-heard' ? rest.shift() : undefined;
    if (action === 'who-heard' && id === undefined) throw wrong('Whom? Give the sub of the commercial’s token.');
    if (rest.length > 0) throw wrong(`"${rest[0]}" is too much.`);
    for (const name of ['from', 'to'] as const) {
      const day = values[name];
      if (day !== undefined && !(DAY.test(day) && !Number.isNaN(Date.parse(day))))
        throw wrong(`--${name} ${day} is no day, as 2026-11-27.`);
    }
    const root = folderOf(values.dir);
    if (root === null) {
      terminal.err('There is no audit trail to look at: set AUDIT_DIR, or give --dir FOLDER.\n');
      return EXIT.failed;
    }
    if (!isFolder(root)) {
      terminal.err(`${root} is no folder. Give the one that AUDIT_DIR names on the relay.\n`);
      return EXIT.failed;
    }
    if (action === 'verify') return verify(root, values, terminal);
    if (action === 'export') return exportAll(root, values, terminal);
    return whoHeard(root, id ?? '', values, terminal);
  },
};

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function folderOf(given: string | undefined): string | null {
  const set = given ?? loadEnvironment().AUDIT_DIR?.trim();
  return set ? resolve(set) : null;
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

async function verify(root: string, { chain, key, anchor, json }: Values, { out, err }: Terminal): Promise<number> {
  const chains = chainsIn(root).filter((name) => chain === undefined || name === chain);
  if (chains.length === 0) {
    err(chain === undefined ? `There is no chain in ${root}.\n` : `There is no chain "${chain}" in ${root}.\n`);
    return EXIT.failed;
  }
  if (chains.length > 1 && (key !== undefined || anchor !== undefined))
    throw wrong(`A key or a hash belongs to one chain: give --chain, one of ${chains.join(', ')}.`);
  let sound = true;
  for (const name of chains) {
    const report = await verifyChain(join(root, name), { key, anchor });
    sound &&= report.problems.length === 0;
    const { keys, ...rest } = report;
    if (json) out(`${JSON.stringify({ chain: name, keys: keys.map(fingerprint), ...rest })}\n`);
    else out(describe(name, report));
  }
  return sound ? EXIT.done : EXIT.failed;
}

function describe(name: string, report: ChainReport): string {
  const { records, days, keys, head, unsigned, problems, notes } = report;
  const span = days.length === 0 ? 'no day' : `${days[0]} to ${days.at(-1)}`;
  const lines = [
    `${problems.length === 0 ? 'sound' : 'NOT SOUND'}: chain ${name}, ${records} records, ${span}`,
    ...problems.map(({ code, day, message }) => `  ${day}  ${code}: ${message}`),
    ...notes.map((note) => `  note: ${note}`),
    `  signed by ${keys.map(fingerprint).join(', ') || 'nobody yet'}`,
    `  last hash ${head}`,
  ];
  if (unsigned > 0)
    lines.push(`  ${unsigned} records at the end are not signed yet: the relay signs about each second.`);
  return `${lines.join('\n')}\n`;
}

async function* recordsOf(
  root: string,
  { chain, from = '0000-00-00', to = '9999-99-99' }: Values,
): AsyncGenerator<TrailRecord> {
  for await (const record of new TrailReader(root).records({ from, to, wanted: () => true })) {
    if (chain === undefined || record.chain === chain) yield record;
  }
}

/** What a person who opens the table wants to see; the rest of a record stands in `details`. */
const COLUMNS = [
  'at',
  'event',
  'commercial',
  'admin',
  'equipe',
  'cause',
  'heardMs',
  'stream',
  'hearing',
  'chain',
  'seq',
];

async function exportAll(root: string, values: Values, { out }: Terminal): Promise<number> {
  if (values.csv) out(`${[...COLUMNS, 'details'].join(',')}\r\n`);
  for await (const record of recordsOf(root, values)) {
    out(values.csv ? rowOf(record) : `${JSON.stringify(record)}\n`);
  }
  return EXIT.done;
}

/** RFC 4180. */
function rowOf(record: TrailRecord): string {
  const rest = Object.entries(record).filter(([name]) => !COLUMNS.includes(name) && name !== 'prev');
  const cells = [
    ...COLUMNS.map((name) => record[name] ?? ''),
    rest.length > 0 ? JSON.stringify(Object.fromEntries(rest)) : '',
  ];
  return `${cells.map((cell) => cellOf(String(cell))).join(',')}\r\n`;
}

/** Ids come from tokens: one that a spreadsheet would take for a formula is told to be text. */
function cellOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

interface Hearing {
  readonly admin: string;
  readonly purpose: string | null;
  readonly from: string;
  readonly heardMs: number | null;
  readonly pausedMs: number | null;
  readonly cause: string | null;
}

async function whoHeard(root: string, id: string, values: Values, { out }: Terminal): Promise<number> {
  const open = new Map<string, Hearing>();
  const hearings: Hearing[] = [];
  for await (const record of recordsOf(root, values)) {
    if (record.commercial !== id || typeof record.hearing !== 'string') continue;
    if (record.event === 'hearing_began') {
      open.set(record.hearing, {
        admin: String(record.admin),
        purpose: typeof record.purpose === 'string' ? record.purpose : null,
        from: record.at,
        heardMs: null,
        pausedMs: null,
        cause: null,
      });
    } else if (record.event === 'hearing_ended') {
      const { heardMs, pausedMs, cause } = record;
      const begun = open.get(record.hearing) ?? { admin: String(record.admin), purpose: null, from: '(before)' };
      open.delete(record.hearing);
      hearings.push({ ...begun, heardMs: Number(heardMs), pausedMs: Number(pausedMs), cause: String(cause) });
    }
  }
  const all = [...hearings, ...open.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
  for (const hearing of all) out(values.json ? `${JSON.stringify(hearing)}\n` : `${wordsOf(hearing)}\n`);
  if (!values.json) out(all.length === 0 ? `Nobody heard ${id} in these days.\n` : `${all.length} hearings.\n`);
  return EXIT.done;
}

function wordsOf({ admin, purpose, from, heardMs, cause }: Hearing): string {
  const length =
    heardMs === null
      ? 'no end: the relay was killed, or it still goes on'
      : `${Math.round(heardMs / 1000)} s, ${cause}`;
  return `${from}  ${admin}${purpose === null ? '' : ` (${purpose})`}  ${length}`;
}

function wrong(problem: string): Error {
  return usage('audit', problem);
}
