/** What is sent: any value at all, and values that nearly fit the protocol's schemas. */
import fc from 'fast-check';
import { z } from 'zod';
import { type RequestName, requests } from '../../relay/protocol/messages.ts';

/** The name of every request. */
export const REQUEST_NAMES = Object.keys(requests) as RequestName[];

/** Names that Socket.IO's own client refuses to send. */
const RESERVED = ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'];

/** Strings that trip parsers, loggers, maps and people. */
export const hostileText = fc.oneof(
  fc.constantFrom('', ' ', '\u0000', '__proto__', 'constructor', 'toString', '%s%n', '../..', '<script>', '\ud800'),
  fc.constantFrom('v=0', 'true', 'null', 'NaN', '1e999', '-0', '9'.repeat(40), '"', '\\', '\r\n', '\u202e', '💥'),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.integer({ min: 1_000, max: 40_000 }).map((length) => 'x'.repeat(length)),
);

const bytes = fc.uint8Array({ maxLength: 300 }).map((data) => Buffer.from(data));

function nested(depth: number): unknown {
  let value: unknown = {};
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** Any value that Socket.IO can carry. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  hostileText,
  fc.double(),
  fc.constantFrom(undefined, null, true, 0, -1, [], {}, Number.MAX_SAFE_INTEGER),
  bytes,
  bytes.map((data) => ({ sdp: data, token: [data] })),
  fc.integer({ min: 1, max: 1_500 }).map(nested),
  fc.constant(JSON.parse('{"__proto__":{"ok":true},"constructor":{"prototype":1}}')),
  fc.constant({ _placeholder: true, num: 0 }),
);

/** The name of a request, or of none. */
export const anyName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<string>(...REQUEST_NAMES) },
  { weight: 1, arbitrary: hostileText.filter((name) => !RESERVED.includes(name)) },
);

/** The parts of JSON Schema that requests are made of. */
const jsonSchema = z.object({
  type: z.string().optional(),
  const: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
  enum: z.array(z.string()).optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  required: z.array(z.string()).optional(),
  get anyOf() {
    return z.array(jsonSchema).optional();
  },
  get properties() {
    return z.record(z.string(), jsonSchema).optional();
  },
});
type JsonSchema = z.infer<typeof jsonSchema>;

/** Values that fit a schema. */
function fitting(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(fitting));
  if (schema.type === 'object') {
    const { properties = {}, required = [] } = schema;
    const model = Object.fromEntries(Object.entries(properties).map(([key, field]) => [key, fitting(field)]));
    return fc.record<Record<string, unknown>, string>(model, { requiredKeys: required });
  }
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'null') return fc.constant(null);
  if (schema.type === 'string') {
    const { minLength = 0, maxLength = 100 } = schema;
    return fc.string({ minLength, maxLength: Math.min(maxLength, 200) });
  }
  if (schema.type === 'integer') {
    const { exclusiveMinimum = -1, minimum = exclusiveMinimum + 1 } = schema;
    return fc.integer({ min: minimum, max: minimum + 1_000 });
  }
  throw new Error(`The fuzz cannot make values for ${JSON.stringify(schema)}; teach it.`);
}

const fault = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({ kind: fc.constant('drop' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('add' as const), key: hostileText, value: anyValue }),
  fc.record({ kind: fc.constant('replace' as const), at: fc.nat(), value: anyValue }),
  fc.record({ kind: fc.constant('rename' as const), at: fc.nat(), key: hostileText }),
);

/** A value that fits the request's schema but for at most one thing. */
export function nearlyRight(name: RequestName): fc.Arbitrary<unknown> {
  const schema = jsonSchema.parse(z.toJSONSchema(requests[name].params, { io: 'input' }));
  return fc.tuple(fitting(schema), fault).map(([value, wrong]) => {
    const entries: [string, unknown][] = Object.entries(Object(value));
    if (wrong.kind === 'add') entries.push([wrong.key, wrong.value]);
    else if (wrong.kind !== 'none' && entries.length > 0) {
      const at = wrong.at % entries.length;
      const [key, old] = entries[at] ?? ['', null];
      if (wrong.kind === 'drop') entries.splice(at, 1);
      else entries[at] = wrong.kind === 'rename' ? [wrong.key, old] : [key, wrong.value];
    }
    return Object.fromEntries(entries);
  });
}

/** A request with parameters that fit but for at most one thing. */
export const nearlyRightRequest: fc.Arbitrary<{ name: RequestName; params: unknown }> = fc
  .constantFrom(...REQUEST_NAMES)
  .chain((name) => nearlyRight(name).map((params) => ({ name, params })));
