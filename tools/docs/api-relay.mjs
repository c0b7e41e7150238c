import { z } from 'zod';
import { ERROR_CODES } from '../../relay/protocol/error-codes.ts';
import { listenerInfo } from '../../relay/protocol/listener-info.ts';
import { MAX_SDP_LENGTH } from '../../relay/protocol/message-parts.ts';
import {
  expectedPerson,
  handshakeAuth,
  iceServer,
  levelChange,
  nodePlace,
  notifications,
  PROTOCOL_VERSION,
  requests,
  rosterEntry,
  sessionUser,
} from '../../relay/protocol/messages.ts';
import {
  barred,
  heardTime,
  policyConsent,
  policyNotice,
  policyTexts,
  purpose,
  teamPurposes,
} from '../../relay/protocol/policy-shapes.ts';
import { streamSeal } from '../../relay/protocol/stream-seal.ts';
import { overheard, whisperer } from '../../relay/protocol/whisper-messages.ts';
import { relayVariables } from '../checks/readme.mjs';
import { readSource } from '../checks/source-files.mjs';
import { constantFields, quotedEntries } from './doc-comments.mjs';
import { makeHttpSections } from './http-endpoints.mjs';
import { fieldsOf } from './json-schema-words.mjs';
import { protocolMeanings } from './protocol-meanings.mjs';
import { code, table } from './tables.mjs';

/** Shapes that several messages carry: schema, and the constant that holds it. */
const SHAPES = {
  User: { schema: sessionUser, constant: 'sessionUser' },
  RosterEntry: { schema: rosterEntry, constant: 'rosterEntry' },
  LevelChange: { schema: levelChange, constant: 'levelChange' },
  ListenerInfo: { schema: listenerInfo, constant: 'listenerInfo' },
  StreamSeal: { schema: streamSeal, constant: 'streamSeal' },
  PolicyTexts: { schema: policyTexts, constant: 'policyTexts' },
  Purpose: { schema: purpose, constant: 'purpose' },
  TeamPurposes: { schema: teamPurposes, constant: 'teamPurposes' },
  PolicyNotice: { schema: policyNotice, constant: 'policyNotice' },
  PolicyConsent: { schema: policyConsent, constant: 'policyConsent' },
  Barred: { schema: barred, constant: 'barred' },
  HeardTime: { schema: heardTime, constant: 'heardTime' },
  Whisperer: { schema: whisperer, constant: 'whisperer' },
  OverheardWhisper: { schema: overheard, constant: 'overheard' },
  IceServer: { schema: iceServer, constant: 'iceServer' },
  NodePlace: { schema: nodePlace, constant: 'nodePlace' },
  ExpectedPerson: { schema: expectedPerson, constant: 'expectedPerson' },
};

const registry = z.registry();
for (const [id, { schema }] of Object.entries(SHAPES)) registry.add(schema, { id });

/** docs/api-relay.md, from the zod schemas, the error codes, the HTTP application and the variables. */
export async function makeApiRelay() {
  const source = ['messages', 'policy-shapes', 'policy-messages', 'whisper-messages', 'listener-info', 'stream-seal']
    .map((name) => readSource(`relay/protocol/${name}.ts`))
    .join('\n');
  return [
    '# The relay: reference',
    `Made from the sources by \`npm run docs\`; a test keeps it fresh. Protocol version ${PROTOCOL_VERSION}. What order messages come in, how sessions resume and what every request may be refused with is told in [PROTOCOL.md](../relay/protocol/PROTOCOL.md); this page is for looking things up.`,
    '[Handshake](#handshake) · [Requests](#requests) · [Notifications](#notifications) · [Shapes](#shapes) · [Error codes](#error-codes) · [HTTP](#http) · [Metrics](#metrics) · [Environment variables](#environment-variables)',
    handshake(source),
    requestSections(source),
    notificationSections(source),
    shapes(source),
    errorCodes(),
    await makeHttpSections(),
    `## Environment variables\n\nFrom the environment, or from the file \`.env\` (or the one that \`RELAY_ENV_FILE\` names). [relay/.env.example](../relay/.env.example) is the same as a file to copy.\n\n${relayVariables().trim()}`,
  ].join('\n\n');
}

/** The JSON Schema of a zod schema, with references to the shared shapes, and without what only validators need. */
function jsonSchema(schema) {
  const made = z.toJSONSchema(schema, {
    metadata: registry,
    // An error code is a custom schema: any text, so that an older page takes a newer code.
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: inner }) => {
      if (zodSchema._zod.def.type === 'custom') inner['x-shape'] = 'an [error code](#error-codes)';
    },
  });
  // A shared shape by itself comes as a reference to itself.
  return made.$ref ? made.$defs[made.$ref.split('/').at(-1)] : made;
}

/**
 * @param {string} verb said before the fields
 * @param {any} schema
 * @param {(field: string) => string | undefined} meaningOf
 */
function fieldTable(verb, schema, meaningOf) {
  const rows = fieldsOf(schema).map(({ name, required, words }) => [
    `${code(name)}${required ? '' : ' (optional)'}`,
    words,
    meaningOf(name),
  ]);
  if (rows.length === 0) return `${verb} nothing (\`{}\`).`;
  return `${verb && `${verb}:\n\n`}${table(['Field', 'Type', 'Meaning'], rows)}`;
}

function handshake(source) {
  const { doc, fields } = constantFields(source, 'handshakeAuth');
  const meanings = protocolMeanings();
  const meaningOf = (field) => fields.get(field) ?? meanings.get(`HandshakeAuth ${field}`);
  return `## Handshake\n\n${doc} (Socket.IO’s \`auth\`.)\n\n${fieldTable('', jsonSchema(handshakeAuth), meaningOf)}`;
}

/** Of all constants that are spread into one. */
function allEntries(source, ...constants) {
  return new Map(constants.flatMap((name) => [...quotedEntries(source, `export const ${name} = {`)]));
}

function requestSections(source) {
  const entries = allEntries(source, 'requests', 'whisperRequests');
  const meanings = protocolMeanings();
  const sections = Object.entries(requests).map(([name, { roles, params, result }]) => {
    const { doc, fields } = entries.get(name);
    const meaningIn = (part) => (field) => fields.get(field) ?? meanings.get(`${name} ${part} ${field}`);
    return [
      `### \`${name}\``,
      `From: ${roles.join(', ')}. ${doc}`,
      fieldTable('Takes', jsonSchema(params), meaningIn('takes')),
      fieldTable('Answers', jsonSchema(result), meaningIn('answers')),
    ].join('\n\n');
  });
  return `## Requests\n\nFrom the page to the relay, always with an acknowledgement: \`{ ok: true, data }\` or \`{ ok: false, error: { code, message } }\`. Session descriptions are at most ${MAX_SDP_LENGTH} characters long; names that end in \`Ms\` are milliseconds.\n\n${sections.join('\n\n')}`;
}

function notificationSections(source) {
  const entries = allEntries(source, 'notifications', 'policyNotifications', 'whisperNotifications');
  const meanings = protocolMeanings();
  const sections = Object.entries(notifications).map(([name, schema]) => {
    const { doc, fields } = entries.get(name);
    const meaningOf = (field) => fields.get(field) ?? meanings.get(`${name} carries ${field}`);
    return `### \`${name}\`\n\n${doc}\n\n${fieldTable('Carries', jsonSchema(schema), meaningOf)}`;
  });
  return `## Notifications\n\nFrom the relay to the page, without an acknowledgement.\n\n${sections.join('\n\n')}`;
}

function shapes(source) {
  const meanings = protocolMeanings();
  const sections = Object.entries(SHAPES).map(([id, { schema: ofZod, constant }]) => {
    const schema = jsonSchema(ofZod);
    const { doc, fields } = schema.oneOf
      ? { doc: 'One of two, told apart by `role`: what the [token](security.md#claims) says.', fields: new Map() }
      : constantFields(source, constant);
    const meaningOf = (field) => fields.get(field) ?? meanings.get(`${id} ${field}`);
    const tables = (schema.oneOf ?? [schema]).map((one) => fieldTable('', one, meaningOf));
    return [`### Shape ${id}`, doc, ...tables].join('\n\n');
  });
  return `## Shapes\n\n${sections.join('\n\n')}`;
}

function errorCodes() {
  const rows = Object.entries(ERROR_CODES).map(([name, meaning]) => [code(name), meaning]);
  return `## Error codes\n\nStable. Where each may arrive is in [PROTOCOL.md](../relay/protocol/PROTOCOL.md#error-codes). Over HTTP they arrive as [shown below](#http). Codes that begin in the page are with the [elements](api-widgets.md#error-codes).\n\n${table(['Code', 'Meaning'], rows)}`;
}
