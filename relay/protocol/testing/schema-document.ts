/** A document that says in words what schemas say: its headings and tables, and what they should hold. For tests that keep both equal. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The parts of JSON Schema that the protocols' schemas use. */
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
    // Of a tuple: false, nothing after its own.
    return z.union([jsonSchema, z.boolean()]).optional();
  },
  get prefixItems() {
    return z.array(jsonSchema).optional();
  },
  get properties() {
    return z.record(z.string(), jsonSchema).optional();
  },
});
export type JsonSchema = z.infer<typeof jsonSchema>;

/** A zod schema as JSON Schema. */
export function toJson(schema: z.ZodType): JsonSchema {
  return jsonSchema.parse(z.toJSONSchema(schema, { unrepresentable: 'any' }));
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'true or false',
  null: 'null',
};

export class SchemaDocument {
  readonly text: string;
  readonly #file: URL;
  readonly #shapes: ReadonlyMap<string, string>;
  readonly #other: string;

  /** @param shapes what has a name of its own in the document; @param other what stands for a type that JSON Schema cannot say */
  constructor(file: URL, shapes: Readonly<Record<string, z.ZodType>>, other: string) {
    this.text = readFileSync(file, 'utf8');
    this.#file = file;
    this.#shapes = new Map(Object.entries(shapes).map(([name, schema]) => [JSON.stringify(toJson(schema)), name]));
    this.#other = other;
  }

  /** What the document should say of an object's fields, in order. */
  fieldsOf(schema: JsonSchema, part: string): string[] {
    return Object.entries(schema.properties ?? {}).map(([name, field]) => {
      const optional = schema.required?.includes(name) ? '' : '?';
      return `${part}\`${name}\`${optional} | ${this.#words(field)}`;
    });
  }

  /** The same for what a message carries, which may be one thing that has a name. */
  contentOf(schema: JsonSchema, part: string): string[] {
    const shape = this.#shapes.get(JSON.stringify(schema));
    return shape ? [`${part} | all of it | \`${shape}\``] : this.fieldsOf(schema, `${part} | `);
  }

  /** The section under this heading, without the sections below it. */
  section(heading: string): string {
    const [, rest] = this.text.split(`\n${heading}\n`);
    assert.ok(rest !== undefined, `${this.#file.pathname} has no heading “${heading}”`);
    return rest.split(/\n#{1,3} /)[0] ?? '';
  }

  /** The first cells of a section's tables, without their heads, whatever the columns' width. */
  rows(part: string, cells: number): string[] {
    const lines = part
      .split('\n')
      .filter((line) => line.startsWith('|') && !/^\| *(-|(part|field|code) +\|)/.test(line));
    return lines.map((line) =>
      line
        .split('|')
        .slice(1, cells + 1)
        .map((cell) => cell.trim())
        .join(' | '),
    );
  }

  /** The headings of one kind within a chapter. */
  headings(chapter: string): string[] {
    const body = this.text.split(`\n## ${chapter}\n`)[1]?.split('\n## ')[0] ?? '';
    return [...body.matchAll(/^### `([^`]+)`$/gm)].map((match) => match[1] ?? '');
  }

  /** @throws AssertionError when a link within the document leads nowhere */
  checkAnchors(): void {
    const anchors = new Set(
      [...this.text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
        (title ?? '')
          .toLowerCase()
          .replace(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
    for (const [, anchor] of this.text.matchAll(/\]\(#([^)]+)\)/g)) {
      assert.ok(anchor && anchors.has(anchor), `#${anchor}`);
    }
  }

  /** A field's type in the words of the document. */
  #words(schema: JsonSchema): string {
    const shape = this.#shapes.get(JSON.stringify(schema));
    if (shape) return `\`${shape}\``;
    if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
    if (schema.enum) return schema.enum.map((value) => `\`"${value}"\``).join(' or ');
    const variants = schema.anyOf?.map((variant) => this.#words(variant));
    if (variants) return [...new Set(variants)].join(' or ');
    if (schema.prefixItems) return `pair of ${schema.prefixItems.map((item) => this.#words(item)).join(' and ')}`;
    if (schema.type === 'array') return `list of ${this.#words(typeof schema.items === 'object' ? schema.items : {})}`;
    if (schema.properties) return `\`{ ${Object.keys(schema.properties).join(', ')} }\``;
    return NAMES[schema.type ?? ''] ?? this.#other;
  }
}
