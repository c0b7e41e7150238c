/** JSON Schema in a few words, as they stand in a table. */

/** Whole numbers end here by default; nobody needs to read it. */
const LIMITS = new Set([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]);

/**
 * What a value of this schema is. A reference becomes a link to its heading, "Shape NAME".
 * @param {any} schema
 * @returns {string}
 */
export function typeWords(schema) {
  if (schema.$ref) return shapeLink(schema.$ref.split('/').at(-1));
  if (schema['x-shape']) return schema['x-shape'];
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.map(typeWords).join(' or ');
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  if ('const' in schema) return `\`${JSON.stringify(schema.const)}\``;
  switch (schema.type) {
    case 'string':
      return schema.maxLength ? `text, up to ${schema.maxLength} characters` : 'text';
    case 'integer':
    case 'number': {
      const least = LIMITS.has(schema.minimum) ? '' : ` from ${schema.minimum}`;
      return schema.type === 'integer' ? `whole number${schema.minimum === undefined ? '' : least}` : 'number';
    }
    case 'boolean':
      return '`true` or `false`';
    case 'null':
      return '`null`';
    case 'array':
      return `list of ${typeWords(schema.items)}`;
    default:
      throw new Error(`a schema that nobody has words for: ${JSON.stringify(schema)}`);
  }
}

const shapeLink = (name) => `[${name}](#shape-${name.toLowerCase()})`;

/**
 * The fields of an object's schema.
 * @returns {{ name: string, required: boolean, words: string }[]}
 */
export function fieldsOf(schema) {
  if (schema.type !== 'object') throw new Error(`not an object: ${JSON.stringify(schema)}`);
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties).map(([name, field]) => ({
    name,
    required: required.has(name),
    words: typeWords(field),
  }));
}
