/** PROTOCOL.md and the schemas say the same: messages, who may send them, fields, presence, types and error codes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_CODES } from './error-codes.ts';
import { listenerInfo } from './listener-info.ts';
import { LOOP_BACK_MS, loopBackNotifications, loopBackRequests, MAX_LOOP_BACKS } from './loop-back.ts';
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
} from './messages.ts';
import { barred, heardTime, policyConsent, policyNotice, policyTexts, purpose, teamPurposes } from './policy-shapes.ts';
import { streamSeal } from './stream-seal.ts';
import { SchemaDocument, toJson } from './testing/schema-document.ts';
import { overheard, whisperer } from './whisper-messages.ts';

const shapes = {
  RosterEntry: rosterEntry,
  LevelChange: levelChange,
  StreamSeal: streamSeal,
  PolicyTexts: policyTexts,
  Purpose: purpose,
  TeamPurposes: teamPurposes,
  PolicyNotice: policyNotice,
  PolicyConsent: policyConsent,
  Barred: barred,
  HeardTime: heardTime,
  ListenerInfo: listenerInfo,
  Whisperer: whisperer,
  OverheardWhisper: overheard,
  IceServer: iceServer,
  NodePlace: nodePlace,
  ExpectedPerson: expectedPerson,
  User: sessionUser,
};
const document = new SchemaDocument(new URL('PROTOCOL.md', import.meta.url), shapes, '`ErrorCode`');
const { text } = document;

test('the same requests, in the same order', () => {
  assert.deepEqual(document.headings('Requests'), Object.keys(requests));
});

test('the same notifications, in the same order', () => {
  assert.deepEqual(document.headings('Notifications'), Object.keys(notifications));
});

for (const [name, { roles, params, result }] of Object.entries(requests)) {
  test(`${name}: the same roles, fields, presence and types`, () => {
    const part = document.section(`### \`${name}\``);
    assert.match(part, new RegExp(`^\\s*Roles: ${roles.join(', ')}\\.`));
    const expected = [
      ...document.fieldsOf(toJson(params), 'takes | '),
      ...document.fieldsOf(toJson(result), 'answers | '),
    ];
    assert.deepEqual(document.rows(part, 3), expected);
    const refusals = part.split('Refused with')[1] ?? '';
    for (const [, code] of refusals.split('. ')[0]?.matchAll(/`([a-z]+_[a-z_]*|forbidden|capacity)`/g) ?? []) {
      assert.ok(code && (code in ERROR_CODES || code === 'token_'), `${name} is refused with ${code}`);
    }
  });
}

for (const [name, schema] of Object.entries(notifications)) {
  test(`${name}: the same fields, presence and types`, () => {
    assert.deepEqual(
      document.rows(document.section(`### \`${name}\``), 3),
      document.fieldsOf(toJson(schema), 'carries | '),
    );
  });
}

for (const [name, schema] of Object.entries({ ...shapes, HandshakeAuth: handshakeAuth })) {
  test(`${name}: the same fields, presence and types`, () => {
    const json = toJson(schema);
    const expected = (json.oneOf ?? [json]).flatMap((variant) => document.fieldsOf(variant, ''));
    assert.deepEqual(document.rows(document.section(`### Shape \`${name}\``), 2), expected);
  });
}

test('the same error codes, in the same order', () => {
  const codes = document.rows(document.section('## Error codes'), 1).map((cell) => cell.replaceAll('`', ''));
  assert.deepEqual(codes, Object.keys(ERROR_CODES));
});

test('the same version', () => {
  assert.match(text, new RegExp(`^Version ${PROTOCOL_VERSION}\\.`, 'm'));
});

test('the loop-back: the same messages, fields and limits', () => {
  const part = document.section('## Loop-back');
  const named = [...part.matchAll(/^\| `(loopback:\w+)` \| (.*) \|$/gm)].map(
    ([, name, row]) => [name, row ?? ''] as const,
  );
  assert.deepEqual(
    named.map(([name]) => name),
    [...Object.keys(loopBackRequests), ...Object.keys(loopBackNotifications)],
  );
  for (const [name, row] of named) {
    const fields = Object.entries({ ...loopBackRequests, ...loopBackNotifications })
      .filter(([each]) => each === name)
      .flatMap(([, schema]) => ('params' in schema ? [schema.params, schema.result] : [schema]))
      .flatMap((schema) => Object.keys(schema.shape));
    for (const field of fields) assert.ok(row.includes(`\`${field}\``), `${name} says nothing of ${field}`);
  }
  for (const reason of loopBackNotifications['loopback:ended'].shape.reason.options)
    assert.ok(part.includes(`\`${reason}\``), reason);
  assert.ok(part.includes(`after ${LOOP_BACK_MS / 60_000} minutes`));
  assert.match(part, new RegExp(`while there are ${MAX_LOOP_BACKS}\\s+loop-backs`));
});

test('every message that the text names exists, and links lead somewhere', () => {
  const known = new Set([...Object.keys(requests), ...Object.keys(notifications)]);
  for (const [, name] of text.matchAll(
    /\b((?:session|publish|stream|listen|relay|media|demand|roster|consent|policy):[a-z]+)\b/g,
  )) {
    assert.ok(name && known.has(name), `${name} is no message`);
  }
  document.checkAnchors();
});
