import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { readAuthConfig } from './config/auth.ts';
import { readMediaConfig } from './config/media.ts';
import { ConfigError, type Report, reasonOf } from './config/problems.ts';
import type { HttpConfig, IceConfig, RelayConfig } from './config/shape.ts';
import { type Values, type Variable, type VariableName, variables } from './config/variables.ts';
import { checkCertificate } from './http/tls-certificate.ts';
import { findWidgetsFolder } from './package-info.ts';

export { ConfigError } from './config/problems.ts';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A configuration, and what a person should know about it although it can be used. */
export interface ReadConfig {
  readonly config: RelayConfig;
  readonly warnings: readonly string[];
}

/**
 * The process's environment over the env file: `RELAY_ENV_FILE`, or `.env` in the working directory if there is one. Variables
 * that are set win over the file, as with `node --env-file`.
 * @throws ConfigError when the file that `RELAY_ENV_FILE` names cannot be read
 */
export function loadEnvironment(env: Environment = process.env): Environment {
  const named = env.RELAY_ENV_FILE;
  const file = named ?? '.env';
  if (named === undefined && !existsSync(file)) return env;
  try {
    return { ...parseEnv(readFileSync(file, 'utf8')), ...env };
  } catch (error) {
    throw new ConfigError([`RELAY_ENV_FILE: ${resolve(file)} cannot be read (${reasonOf(error)}).`]);
  }
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

  const values = readValues(env, problems, failed);
  const production = values.NODE_ENV === 'production';
  const config: RelayConfig = {
    production,
    logLevel: values.LOG_LEVEL,
    http: readHttp(values, production, report),
    auth: readAuthConfig(values, { production, failed, report, warn }),
    media: readMediaConfig(values, { production, failed, report, warn }),
    ice: readIce(values, report),
    session: {
      graceMs: values.SESSION_GRACE,
      demandLingerMs: values.DEMAND_LINGER,
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
    },
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return { config: deepFreeze(config), warnings };
}

/** Every variable through its schema. One that fails is noted and takes its default (or null), so that the checks after it go on. */
function readValues(env: Environment, problems: string[], failed: Set<VariableName>): Values {
  const read = <T>(name: VariableName, variable: Variable<T>): T | null => {
    const given = env[name];
    // Empty counts as not set: that is what `NAME=` in an env file or a compose file means.
    if (given !== undefined && given.trim() !== '') {
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

function readHttp(values: Values, production: boolean, report: Report): HttpConfig {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = values;
  if (certFile !== null && keyFile === null) report('TLS_KEY_FILE', 'is needed with TLS_CERT_FILE.');
  if (certFile === null && keyFile !== null) report('TLS_CERT_FILE', 'is needed with TLS_KEY_FILE.');
  const https = certFile !== null && keyFile !== null ? { port: values.HTTPS_PORT, certFile, keyFile } : null;
  if (https) {
    const problem = checkCertificate(https);
    if (problem) report(problem.file === 'key' ? 'TLS_KEY_FILE' : 'TLS_CERT_FILE', problem.message);
  }
  if (values.HTTP_PORT === null && !https) {
    report(
      'HTTP_PORT',
      'is off and there is no certificate for HTTPS: set TLS_CERT_FILE and TLS_KEY_FILE, or HTTP_PORT=8080.',
    );
  }
  if (https && https.port !== 0 && https.port === values.HTTP_PORT) {
    report(
      'HTTPS_PORT',
      `${https.port} is the port of HTTP too; use two ports, such as HTTP_PORT=8080 and HTTPS_PORT=8443.`,
    );
  }

  const origins = values.ALLOWED_ORIGINS;
  const example = `Example: ALLOWED_ORIGINS=${variables.ALLOWED_ORIGINS.example}`;
  if (production && origins === null) report('ALLOWED_ORIGINS', `is required in production. ${example}`);
  if (production && origins?.includes('*')) report('ALLOWED_ORIGINS', `* is refused in production. ${example}`);
  if (origins?.includes('*') && origins.length > 1) report('ALLOWED_ORIGINS', '* stands alone or not at all.');

  return {
    host: values.HOST,
    httpPort: values.HTTP_PORT,
    https,
    allowedOrigins: origins ?? ['*'],
    trustedProxies: values.TRUSTED_PROXIES,
    widgetsDir: resolve(values.WIDGETS_DIR ?? findWidgetsFolder()),
    metricsToken: values.METRICS_TOKEN,
  };
}

function readIce(values: Values, report: Report): IceConfig {
  const turnUrls = values.TURN_URLS ?? [];
  if (turnUrls.length > 0 && values.TURN_SECRET === null) report('TURN_SECRET', 'is needed with TURN_URLS.');
  if (turnUrls.length === 0 && values.TURN_SECRET !== null) {
    report('TURN_URLS', `is needed with TURN_SECRET. Example: TURN_URLS=${variables.TURN_URLS.example}`);
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
