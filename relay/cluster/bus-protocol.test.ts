/** BUS.md and the schemas say the same: kinds, fields, presence, types, reasons of refusal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SchemaDocument, toJson } from '../protocol/testing/schema-document.ts';
import { envelope, MAX_MESSAGE_BYTES } from './bus/envelope.ts';
import { BUS_PROTOCOL, kinds, shapes, teamTopic } from './bus-protocol.ts';
import { BusScene } from './testing/bus-scene.ts';

const document = new SchemaDocument(new URL('BUS.md', import.meta.url), shapes, 'anything');

test('the same kinds, in the same order', () => {
  assert.deepEqual(document.headings('Kinds'), Object.keys(kinds));
});

for (const [name, kind] of Object.entries(kinds)) {
  test(`${name}: the same fields, presence and types, and whether it is answered`, () => {
    const part = document.section(`### \`${name}\``);
    const answers = 'result' in kind ? document.contentOf(toJson(kind.result), 'answers') : [];
    assert.match(part.trim(), 'result' in kind ? /^Request\. / : /^Notice\. /);
    assert.deepEqual(document.rows(part, 3), [...document.contentOf(toJson(kind.body), 'carries'), ...answers]);
  });
}

for (const [name, schema] of Object.entries(shapes)) {
  test(`${name}: the same fields, presence and types`, () => {
    const part = document.section(`### Shape \`${name}\``);
    assert.deepEqual(document.rows(part, 2), document.fieldsOf(toJson(schema), ''));
  });
}

test('the same envelope', () => {
  assert.deepEqual(document.rows(document.section('## Envelope'), 2), document.fieldsOf(toJson(envelope), ''));
});

test('the same reasons of refusal', async () => {
  const scene = new BusScene();
  const codes = document.rows(document.section('## What is refused'), 1).map((cell) => cell.replaceAll('`', ''));
  assert.deepEqual(codes, Object.keys(scene.node('a').counts().refused));
  await scene.close();
});

test('the same version, limit and topics; links lead somewhere', () => {
  assert.match(document.text, new RegExp(`^Version ${BUS_PROTOCOL}\\.`, 'm'));
  assert.equal(MAX_MESSAGE_BYTES, 1_048_576);
  assert.match(document.text, /at most 1 MiB/);
  assert.equal(teamTopic('North'), 'team:North');
  document.checkAnchors();
});
