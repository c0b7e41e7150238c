import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readAuditConfig, readWebhookConfig } from './config/audit.ts';
import { readAuthConfig } from './config/auth.ts';
import { readClusterConfig } from './config/cluster.ts';
import { parseEnvFile } from './config/env-file.ts';
import { readHttpConfig } from './config/http.ts';
import { readLogFileConfig } from './config/log.ts';
import { readMediaConfig } from './config/media.ts';
import { ConfigError, type Report, type Review } from './config/problems.ts';
import { hiddenInSecret, reviewSecret } from './config/secrets.ts';
import type { IceConfig, RelayConfig } from './config/shape.ts';
import { disguised, findUnknownNames } from './config/unknown-names.ts';
import { type Values, type Variable, type VariableName, variables } from './config/variables.ts';
import { readTextFile, reasonOf, unseenCharacter } from './strict-text.ts';

export { ConfigError } from './config/problems.ts';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Time-limited TURN credentials are SHA-1 HMACs under it. */
const TURN_SECRET_BYTES = 16;

/** A configuration, and what a person should know about it although it can be used. */
export interface ReadConfig {
  readonly config: RelayConfig;
  readonly warnings: readonly string[];
}

/**
 * The process's environment over the env file: `RELAY_ENV_FILE`, or `.env` in the working directory if there is one. Variables
 * that are set win over the file, as with `node --env-file`.
 * @throws ConfigError when the file cannot be read, or has a line that could be misread
 */
export function loadEnvironment(env: Environment = process.env): Environment {
  const named = env.RELAY_ENV_FILE?.trim() || undefined;
  const file = named ?? '.env';
  if (named === undefined && !existsSync(file)) return env;
  const path = resolve(file);
  let text: string;
  try {
    text = readTextFile(path, { mark: 'drop' });
  } catch (error) {
    throw new ConfigError([`RELAY_ENV_FILE: ${reasonOf(error)}`]);
  }
  let values: Environment;
  try {
    values = parseEnvFile(text);
  } catch (error) {
    throw new ConfigError([`RELAY_ENV_FILE: ${path} ${reasonOf(error)}`]);
  }
  // mediasoup reads it from the process when it is loaded, which is before this file is: there it would change nothing, unsaid.
  if (values.MEDIASOUP_WORKER_BIN !== undefined && env.MEDIASOUP_WORKER_BIN === undefined)
    throw new ConfigError([
      `MEDIASOUP_WORKER_BIN: has no effect in ${path}. Set it in the environment of the process (systemd: Environment=).`,
    ]);
  return { ...values, ...env };
}

/**
 * Reads, checks and freezes the configuration.
 * @throws ConfigError with every problem, each with the variable's name, what was given (never a secret) and what is allowed
 */
export function readConfig(env: Environment): ReadConfig {
  const problems: string[] = [];
  const warnings: string[] = [];
  const failed = new Set<VariableName>();
  // A variable that could not be read at all is not judged a second time on the default that stands in for it.
  const report: Report = (name, problem) => failed.has(name) || problems.push(`${name}: ${problem}`);
  const warn: Report = (name, problem) => warnings.push(`${name}: ${problem}`);

  checkNames(env, problems, warnings);
  const values = readValues(env, problems, failed);
  const production = values.NODE_ENV === 'production';
  const review: Review = { production, failed, report, warn };
  if (isUnset(env.NODE_ENV) && (values.ANNOUNCED_ADDRESS !== null || values.TLS_CERT_FILE !== null)) {
    warn(
      'NODE_ENV',
      'is not set, so the rules of development hold: weak secrets and any origin are accepted. Is NODE_ENV=production meant?',
    );
  }
  const media = readMediaConfig(values, review);
  const set = new Set(Object.keys(env).filter((name) => !isUnset(env[name])));
  const spoken = values.VOICE_WITHOUT_LISTENERS ?? [];
  // Who names teams does not mean all of them.
  if (spoken.includes('*') && spoken.length > 1) {
    report('VOICE_WITHOUT_LISTENERS', '* stands alone, for all teams, or not at all.');
  }
  if (values.WHIP === 'on' && values.POLICY_FILE === null) {
    warn('WHIP', 'does nothing without a POLICY_FILE that says devicesMayBeHeard: every device is refused.');
  }
  const config: RelayConfig = {
    production,
    logLevel: values.LOG_LEVEL,
    logFile: readLogFileConfig(values, set, review),
    audit: readAuditConfig(values),
    webhook: readWebhookConfig(values, review),
    http: readHttpConfig(values, set, review),
    auth: readAuthConfig(values, review),
    media,
    ice: readIce(values, review),
    session: {
      graceMs: values.SESSION_GRACE,
      demandLingerMs: values.DEMAND_LINGER,
      voiceWithoutListeners: spoken,
      maxStreamMs: values.MAX_STREAM,
      offlineKeepMs: values.OFFLINE_KEEP,
      pingIntervalMs: values.PING_INTERVAL,
      pingTimeoutMs: values.PING_TIMEOUT,
    },
    limits: {
      maxMessageBytes: values.MAX_MESSAGE_BYTES,
      messagesPerSecond: values.MESSAGES_PER_SECOND,
      connectionsPerUser: values.CONNECTIONS_PER_USER,
      connectionsPerAddress: values.CONNECTIONS_PER_ADDRESS,
      pendingHandshakes: values.PENDING_HANDSHAKES,
      maxStreams: values.MAX_STREAMS,
      maxListeners: values.MAX_LISTENERS,
      maxLoad: values.MAX_LOAD,
    },
    wish: { whip: values.WHIP === 'on', whep: values.WHEP === 'on' },
    policyFile: values.POLICY_FILE,
    cluster: readClusterConfig(values, media, set, review),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return { config: deepFreeze(config), warnings };
}

/** Names that would pass unnoticed, though they are meant for the relay. */
function checkNames(env: Environment, problems: string[], warnings: string[]): void {
  const names = Object.keys(env).filter((name) => env[name] !== undefined);
  for (const name of names) {
    const meant = disguised(name);
    if (meant === null) continue;
    problems.push(
      `${meant}: its name has an invisible character or a space in it (${JSON.stringify(name)}, as a file with a byte order mark ` +
        `gives it), so that ${meant} itself is not set. Save the file as UTF-8 without byte order mark.`,
    );
  }
  for (const { name, meant } of findUnknownNames(names.filter((name) => disguised(name) === null))) {
    const hint = meant === null ? 'All of them: start the relay with --help.' : `Is ${meant} meant?`;
    warnings.push(`${name}: is no variable of the relay, so its value does nothing. ${hint}`);
  }
}

/** Empty counts as not set: that is what `NAME=` in an env file or a compose file means. */
function isUnset(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}

/** Every variable through its schema. One that fails is noted and takes its default (or null), so that the checks after it go on. */
function readValues(env: Environment, problems: string[], failed: Set<VariableName>): Values {
  const read = <T>(name: VariableName, variable: Variable<T>): T | null => {
    const given = env[name];
    if (given !== undefined && !isUnset(given)) {
      const hidden = misread(name, variable, given);
      if (hidden !== null) {
        failed.add(name);
        problems.push(`${name}: ${hidden}.`);
        return variable.default === null ? null : variable.schema.parse(variable.default);
      }
      const result = variable.schema.safeParse(given);
      if (result.success) return result.data;
      const allowed = [...new Set(result.error.issues.map((issue) => issue.message))].join('; ');
      const shown = variable.secret ? 'a value' : JSON.stringify(withoutPassword(given).slice(0, 200));
      failed.add(name);
      problems.push(`${name}: ${shown} was given; allowed: ${allowed}. Example: ${name}=${variable.example}`);
    }
    return variable.default === null ? null : variable.schema.parse(variable.default);
  };
  const names = Object.keys(variables) as VariableName[];
  // The keys and kinds are those of `variables` by construction, which a mapped type cannot be told step by step.
  return Object.fromEntries(names.map((name) => [name, read<unknown>(name, variables[name])])) as Values;
}

/** A URL as it may be printed. */
function withoutPassword(given: string): string {
  return given.replace(/\/\/[^/\s]*@/g, '//…@');
}

/** What makes a value another one than it seems: quotation marks that Docker kept, characters that cannot be seen. */
function misread(name: VariableName, { secret }: Variable<unknown>, given: string): string | null {
  const value = secret ? given : given.trim();
  if (value.length > 1 && /^(?:(["'`]).*\1|[“”„«‘’‚‹].*[“”»’‘›])$/s.test(value)) {
    return 'the value begins and ends with a quotation mark (docker run --env-file keeps them, a shell does not; typographic ones are kept by all). Leave them out';
  }
  // A PEM key is no secret at all, which is said where keys are read.
  if (secret) return value.includes('-----BEGIN ') ? null : hiddenInSecret(value);
  // A PEM key has lines; all else has none.
  const unseen = unseenCharacter(name === 'JWT_PUBLIC_KEY' ? value.replace(/[\r\n\t]/g, '') : value);
  return unseen === null ? null : `the value contains ${unseen}. Type it anew, as plain text`;
}

function readIce(values: Values, review: Review): IceConfig {
  const { report } = review;
  const turnUrls = values.TURN_URLS ?? [];
  if (turnUrls.length > 0 && values.TURN_SECRET === null) report('TURN_SECRET', 'is needed with TURN_URLS.');
  if (turnUrls.length === 0 && values.TURN_SECRET !== null) {
    report('TURN_URLS', `is needed with TURN_SECRET. Example: TURN_URLS=${variables.TURN_URLS.example}`);
  }
  // The TURN server has the same one, which may be for others to change.
  if (values.TURN_SECRET !== null) {
    reviewSecret(values.TURN_SECRET, 'TURN_SECRET', { leastBytes: TURN_SECRET_BYTES, weak: 'warn' }, review);
  }
  return {
    stunUrls: values.STUN_URLS ?? [],
    turnUrls,
    turnSecret: values.TURN_SECRET,
    turnCredentialTtlS: Math.floor(values.TURN_TTL / 1000),
  };
}

function deepFreeze<T extends object>(value: T): T {
  for (const child of Object.values(value)) {
    if (typeof child === 'object' && child !== null) deepFreeze(child);
  }
  return Object.freeze(value);
}
