/** PROTOCOL.md and the schemas say the same: messages, who may send them, fields, presence, types and error codes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { z } from 'zod';
import { ERROR_CODES } from './error-codes.ts';
import {
  handshakeAuth,
  iceServer,
  listenerInfo,
  nodePlace,
  notifications,
  PROTOCOL_VERSION,
  requests,
  rosterEntry,
  sessionUser,
} from './messages.ts';

const text = readFileSync(new URL('PROTOCOL.md', import.meta.url), 'utf8');

/** The parts of JSON Schema that the protocol's schemas use. */
const jsonSchema = z.object({
  type: z.string().optional(),
  const: z.union([z.string(), z.number()]).optional(),
  enum: z.array(z.string()).optional(),
  required: z.array(z.string()).optional(),
  get anyOf() {
    return z.array(jsonSchema).optional();
  },
  get oneOf() {
    return z.array(jsonSchema).optional();
  },
  get items() {
    return jsonSchema.optional();
  },
  get properties() {
    return z.record(z.string(), jsonSchema).optional();
  },
});
type JsonSchema = z.infer<typeof jsonSchema>;

function toJson(schema: z.ZodType): JsonSchema {
  return jsonSchema.parse(z.toJSONSchema(schema, { unrepresentable: 'any' }));
}

const shapes = {
  RosterEntry: rosterEntry,
  ListenerInfo: listenerInfo,
  IceServer: iceServer,
  NodePlace: nodePlace,
  User: sessionUser,
};
const shapeNames = new Map(Object.entries(shapes).map(([name, schema]) => [JSON.stringify(toJson(schema)), name]));

/** A field's type in the words of the document. */
function words(schema: JsonSchema): string {
  const shape = shapeNames.get(JSON.stringify(schema));
  if (shape) return `\`${shape}\``;
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`"${value}"\``).join(' or ');
  if (schema.anyOf) return schema.anyOf.map(words).join(' or ');
  if (schema.type === 'array') return `list of ${words(schema.items ?? {})}`;
  const names: Record<string, string> = { string: 'text', integer: 'number', boolean: 'true or false', null: 'null' };
  return names[schema.type ?? ''] ?? '`ErrorCode`';
}

/** What the document should say of an object's fields, in order. */
function fieldsOf(schema: JsonSchema, part: string): string[] {
  return Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const optional = schema.required?.includes(name) ? '' : '?';
    return `${part}\`${name}\`${optional} | ${words(field)}`;
  });
}

/** The document's section under this heading, without the sections below it. */
function section(heading: string): string {
  const [, rest] = text.split(`\n${heading}\n`);
  assert.ok(rest !== undefined, `PROTOCOL.md has no heading “${heading}”`);
  return rest.split(/\n#{1,3} /)[0] ?? '';
}

/** The first cells of a section's tables, without their heads, whatever the columns' width. */
function rows(part: string, cells: number): string[] {
  const lines = part.split('\n').filter((line) => line.startsWith('|') && !/^\| *(-|(part|field|code) +\|)/.test(line));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, cells + 1)
      .map((cell) => cell.trim())
      .join(' | '),
  );
}

/** The headings of one kind between two chapters. */
function headings(chapter: string): string[] {
  const body = text.split(`\n## ${chapter}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...body.matchAll(/^### `([^`]+)`$/gm)].map((match) => match[1] ?? '');
}

test('the same requests, in the same order', () => {
  assert.deepEqual(headings('Requests'), Object.keys(requests));
});

test('the same notifications, in the same order', () => {
  assert.deepEqual(headings('Notifications'), Object.keys(notifications));
});

for (const [name, { roles, params, result }] of Object.entries(requests)) {
  test(`${name}: the same roles, fields, presence and types`, () => {
    const part = section(`### \`${name}\``);
    assert.match(part, new RegExp(`^\\s*Roles: ${roles.join(', ')}\\.`));
    const expected = [...fieldsOf(toJson(params), 'takes | '), ...fieldsOf(toJson(result), 'answers | ')];
    assert.deepEqual(rows(part, 3), expected);
    const refusals = part.split('Refused with')[1] ?? '';
    for (const [, code] of refusals.split('. ')[0]?.matchAll(/`([a-z]+_[a-z_]*|forbidden|capacity)`/g) ?? []) {
      assert.ok(code && (code in ERROR_CODES || code === 'token_'), `${name} is refused with ${code}`);
    }
  });
}

for (const [name, schema] of Object.entries(notifications)) {
  test(`${name}: the same fields, presence and types`, () => {
    assert.deepEqual(rows(section(`### \`${name}\``), 3), fieldsOf(toJson(schema), 'carries | '));
  });
}

for (const [name, schema] of Object.entries({ ...shapes, HandshakeAuth: handshakeAuth })) {
  test(`${name}: the same fields, presence and types`, () => {
    const json = toJson(schema);
    const expected = (json.oneOf ?? [json]).flatMap((variant) => fieldsOf(variant, ''));
    assert.deepEqual(rows(section(`### Shape \`${name}\``), 2), expected);
  });
}

test('the same error codes, in the same order', () => {
  const codes = rows(section('## Error codes'), 1).map((cell) => cell.replaceAll('`', ''));
  assert.deepEqual(codes, Object.keys(ERROR_CODES));
});

test('the same version', () => {
  assert.match(text, new RegExp(`^Version ${PROTOCOL_VERSION}\\.`, 'm'));
});

test('every message that the text names exists, and links lead somewhere', () => {
  const known = new Set([...Object.keys(requests), ...Object.keys(notifications)]);
  for (const [, name] of text.matchAll(/\b((?:session|publish|stream|listen|relay|media|demand|roster):[a-z]+)\b/g)) {
    assert.ok(name && known.has(name), `${name} is no message`);
  }
  const anchors = new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      (title ?? '')
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
  for (const [, anchor] of text.matchAll(/\]\(#([^)]+)\)/g)) assert.ok(anchor && anchors.has(anchor), `#${anchor}`);
});
