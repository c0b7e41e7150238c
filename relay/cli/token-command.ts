import type { AuthConfig } from '../config/shape.ts';
import { duration } from '../config/values.ts';
import { loadEnvironment, readConfig } from '../config.ts';
import { RelayError } from '../errors.ts';
import { type Command, EXIT, readOptions, usage } from './command.ts';
import { commandName } from './command-name.ts';
import { mintToken, type TokenBearer } from './mint-token.ts';

/** Longer ones are for no test and no trial. */
const expires = duration(1000, 31 * 24 * 3_600_000);

const OPTIONS = {
  role: { type: 'string' },
  sub: { type: 'string' },
  name: { type: 'string' },
  equipe: { type: 'string', multiple: true },
  whisper: { type: 'boolean', default: false },
  sealed: { type: 'boolean', default: false },
  expires: { type: 'string', default: '10m' },
  help: { type: 'boolean', default: false },
} as const;

/** Who a token is for, as typed. */
interface TokenOptions {
  readonly role?: string | undefined;
  readonly sub?: string | undefined;
  readonly name?: string | undefined;
  readonly equipe?: string[] | undefined;
  readonly whisper?: boolean | undefined;
  readonly sealed?: boolean | undefined;
}

/** `token`: mints one for a trial. */
export const tokenCommand: Command = {
  run: async (args, { out }) => {
    out(runTokenCommand(args, () => readConfig(loadEnvironment()).config.auth));
    return EXIT.done;
  },
};

/** What `token --help` prints. */
export function tokenHelp(): string {
  return `Prints a token for a trial or a test, signed with the relay's secret (JWT_SECRET or JWT_SECRET_FILE, JWT_ISSUER, JWT_AUDIENCE).

Usage: ${commandName()} token --role commercial --sub lea --name "Léa Martin" --equipe "Lyon Est"
       ${commandName()} token --role admin --sub sophie --equipe "Lyon Est" --equipe "Lyon Ouest"
       ${commandName()} token --role doctor --sub lea
       ${commandName()} token --role auditor --sub works-council --equipe "Lyon Est"

  --role      commercial, admin, or what no session has: doctor opens the page /doctor, auditor reads the audit trail of its teams
  --sub       your id of the person
  --name      the name that the other side sees (default: the id)
  --equipe    the team of a commercial; of an admin, each team that may be heard; of an auditor, each team
              whose trail may be read
  --whisper   of an admin: may speak into the ear of a commercial who allows it (docs/whisper.md)
  --sealed    of a commercial or admin: streams sealed from end to end, and no others (docs/e2ee.md)
  --expires   how long it is good for, with the unit s, m, h or d (default: 10m)
`;
}

/**
 * What the command prints: a token and a line end.
 * @param readAuth reads the configuration, which is needed only once the arguments are right
 * @throws UsageError, MintError in words for the person who typed it
 */
export function runTokenCommand(args: readonly string[], readAuth: () => AuthConfig): string {
  const values = readOptions('token', args, OPTIONS);
  if (values.help) return tokenHelp();
  const lifetime = expires.safeParse(values.expires);
  if (!lifetime.success) throw wrong(`--expires ${values.expires}: ${lifetime.error.issues[0]?.message}`);
  const bearer = bearerOf(values);
  try {
    return `${mintToken(readAuth(), bearer, Math.floor(lifetime.data / 1000))}\n`;
  } catch (error) {
    if (error instanceof RelayError) throw wrong(error.message);
    throw error;
  }
}

function bearerOf({ role, sub, name, equipe = [], whisper, sealed }: TokenOptions): TokenBearer {
  if (sub === undefined || sub === '') throw wrong('--sub is missing: your id of the person.');
  if (role !== 'commercial' && role !== 'admin' && role !== 'doctor' && role !== 'auditor')
    throw wrong(`--role is ${role === undefined ? 'missing' : `"${role}"`}: commercial, admin, doctor or auditor.`);
  if (whisper && role !== 'admin') throw wrong('--whisper is for an admin.');
  if (sealed && role !== 'admin' && role !== 'commercial') throw wrong('--sealed is for a commercial or an admin.');
  const e2ee = sealed ? { e2ee: 'required' as const } : {};
  if (role === 'doctor') {
    if (equipe.length > 0 || name !== undefined) throw wrong('The role doctor has no --equipe and no --name.');
    return { role, sub };
  }
  if (role === 'auditor') {
    if (name !== undefined) throw wrong('The role auditor has no --name: nobody is shown it.');
    if (equipe.length === 0) throw wrong('--equipe is missing: each team whose trail may be read.');
    return { role, sub, equipes: equipe };
  }
  if (role === 'admin') {
    // Such a token is valid and hears nobody, which in a trial looks like a fault.
    if (equipe.length === 0) throw wrong('--equipe is missing: each team that the admin may hear.');
    return { role, sub, name: name ?? sub, equipes: equipe, ...(whisper && { whisper }), ...e2ee };
  }
  const [team, ...others] = equipe;
  if (team === undefined) throw wrong('--equipe is missing: the team of the commercial.');
  if (others.length > 0) throw wrong('A commercial has one team: give --equipe once.');
  return { role, sub, name: name ?? sub, equipe: team, ...e2ee };
}

function wrong(problem: string): Error {
  return usage('token', problem);
}
