/** The parts of deploy/ that are made from the relay's own list of variables, so that no kit lacks one. */
import { variables } from '../../relay/config/variables.ts';
import { readSource } from '../checks/source-files.mjs';

const COMPOSE = 'deploy/compose/compose.yaml';
const SCHEMA = 'deploy/helm/prospect-relay/values.schema.json';

/** Set by the kits themselves, and by nobody else. */
const SET_BY_COMPOSE = ['NODE_ENV', 'HOST', 'HTTP_PORT', 'TRUSTED_PROXIES'];
const SET_BY_CHART = ['NODE_ENV', 'HOST', 'NODE_ID', 'PIPE_ADDRESS', 'ANNOUNCED_ADDRESS'];

/** @returns {[path: string, text: string][]} the files as they have to be */
export function makeKits() {
  return [
    [COMPOSE, withNames(readSource(COMPOSE))],
    [SCHEMA, withSettings(readSource(SCHEMA))],
  ];
}

/** Compose hands on what has no value here from .env, and leaves out what is not set there. */
function withNames(text) {
  const names = Object.keys(variables).filter((name) => !SET_BY_COMPOSE.includes(name));
  const lines = names.map((name) => `      ${name}:`).join('\n');
  const made = text.replace(/^( {6}# >>>\n)[\s\S]*?^( {6}# <<<)$/m, `$1${lines}\n$2`);
  if (!made.includes(lines)) throw new Error(`${COMPOSE} has lost the marks between which the variables stand.`);
  return made;
}

/** Plain variables as `settings`, secret ones as `secrets`; neither takes the other's. */
function withSettings(text) {
  const schema = JSON.parse(text);
  const entries = Object.entries(variables).filter(([name]) => !SET_BY_CHART.includes(name));
  schema.properties.settings.properties = Object.fromEntries(
    entries.filter(([, { secret }]) => !secret).map(([name, variable]) => [name, describe(variable)]),
  );
  schema.properties.secrets.properties = Object.fromEntries(
    entries
      .filter(([, { secret }]) => secret)
      .map(([name, { doc }]) => [name, { $ref: '#/$defs/secretKey', description: plain(doc) }]),
  );
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function describe(variable) {
  return {
    type: 'string',
    description: plain(variable.doc),
    // One that depends on the machine is told in words.
    ...(variable.default !== null && variable.defaultDoc === undefined && { default: variable.default }),
    examples: [variable.example],
  };
}

const plain = (text) => text.replaceAll('`', '');
