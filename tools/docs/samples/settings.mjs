import { randomBytes } from 'node:crypto';
import { readClaims } from '../../../relay/auth/token-claims.ts';
import { parseEnvFile } from '../../../relay/config/env-file.ts';
import { variables } from '../../../relay/config/variables.ts';
import { readConfig } from '../../../relay/config.ts';

/** Read beside the relay's own variables: by its start, by mediasoup, by an OpenTelemetry SDK, by the cluster's fault cases, and by the demo. */
export const OTHER_VARIABLES = [
  'RELAY_ENV_FILE',
  'MEDIASOUP_WORKER_BIN',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
  'CLUSTER_SOAK_ROUNDS',
  'DEMO_POLICY',
];

/**
 * Checks an env file: every name exists, and every value is one that the relay takes.
 * @param {string} text
 * @returns {string[]} problems
 */
export function checkEnv(text) {
  const entries = Object.entries(parseEnvFile(text));
  if (entries.length === 0) return ['there is no variable in it'];
  return entries.flatMap(([name, value]) => {
    if (OTHER_VARIABLES.includes(name)) return [];
    const variable = variables[name];
    if (!variable) return [`the relay has no variable ${name}`];
    const { error } = variable.schema.safeParse(value);
    return error ? [`${name}=${value}: ${error.issues.map(({ message }) => message).join('; ')}`] : [];
  });
}

/** What a reader has to fill in, and what this test fills in. */
const FILLED_IN = {
  JWT_SECRET: () => randomBytes(48).toString('base64'),
  METRICS_TOKEN: () => randomBytes(24).toString('base64'),
  TURN_SECRET: () => randomBytes(24).toString('base64'),
  ANNOUNCED_ADDRESS: () => '1.2.3.4',
};

/**
 * Checks that the relay would start with an env file in production once it is filled in, and not before: a secret that stands in
 * the documentation is known to everybody. These certificate files take the place of its own.
 * @returns {string[]} problems and warnings
 */
export function checkWholeEnv(text, { cert, key }) {
  const env = parseEnvFile(text);
  if (env.TLS_CERT_FILE) Object.assign(env, { TLS_CERT_FILE: cert, TLS_KEY_FILE: key });
  try {
    readConfig(env);
    return ['it starts as it stands, with secrets that everybody can read here'];
  } catch {
    for (const name of Object.keys(env)) env[name] = FILLED_IN[name]?.() ?? env[name];
  }
  try {
    return [...readConfig(env).warnings];
  } catch (error) {
    return [error.message];
  }
}

/**
 * Checks JSON; and claims as the relay does, once a token's signature is verified.
 * @param {string} text
 * @param {boolean} claims whether it is the payload of a token
 * @returns {string[]} problems
 */
export function checkJson(text, claims) {
  try {
    const value = JSON.parse(text);
    if (claims) readClaims(value);
    return [];
  } catch (error) {
    return [error.message];
  }
}

/** The lines `Name: value` of an HTTP head. @returns {Map<string, string>} by lower-case name */
export function readHeaders(text) {
  const lines = text.trim().split('\n');
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
}
