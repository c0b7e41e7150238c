/** Reads what the sources' doc comments say, where no tool exports it: of a union's values, an interface's fields, an object's entries. */

const COMMENT = String.raw`\/\*\*((?:(?!\*\/)[\s\S])*)\*\/`;

/** A comment's text on one line. @param {string} raw */
const textOf = (raw) =>
  raw
    .replace(/^\s*\*? ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();

/**
 * The doc comment right before a declaration, such as `export type StreamingStatus`.
 * @throws when there is none
 */
export function commentBefore(source, declaration) {
  const match = new RegExp(`${COMMENT}\\s*${escaped(declaration)}`).exec(source);
  if (!match) throw new Error(`no doc comment before "${declaration}"`);
  return textOf(match[1]);
}

/**
 * The values of a union of texts, each with its doc comment (or none).
 * @returns {{ value: string, doc: string }[]}
 */
export function unionValues(source, name) {
  const body = bodyOf(source, `export type ${name} =`, ';\n');
  const values = [...body.matchAll(new RegExp(`(?:${COMMENT}\\s*)?\\|\\s*'([\\w-]+)'`, 'g'))];
  if (values.length === 0) throw new Error(`no values in the union ${name}`);
  return values.map(([, doc, value]) => ({ value, doc: textOf(doc ?? '') }));
}

/**
 * The fields of an interface.
 * @returns {{ name: string, type: string, doc: string }[]}
 */
export function interfaceFields(source, name) {
  const body = bodyOf(source, `export interface ${name}`, '\n}');
  const fields = [...body.matchAll(new RegExp(`(?:${COMMENT}\\s*)?readonly (\\w+\\??): ([^;]+);`, 'g'))];
  if (fields.length === 0) throw new Error(`no fields in the interface ${name}`);
  // A type parameter is shown as its default.
  const [, parameter, byDefault] = /^<(\w+) extends [^=>]+= ([^>]+)>/.exec(body) ?? [];
  return fields.map(([, doc, field, type]) => ({
    name: field,
    type: type === parameter ? byDefault : type,
    doc: textOf(doc ?? ''),
  }));
}

/**
 * The entries of an object literal whose keys are quoted (`'stream:start': …`), each with its doc comment, and those of the fields in it.
 * @returns {Map<string, { doc: string, fields: Map<string, string> }>}
 */
export function quotedEntries(source, declaration) {
  const body = bodyOf(source, declaration, '\n} as const');
  const starts = [...body.matchAll(new RegExp(`(?:${COMMENT}\\s*)?\\n {2}'([\\w:-]+)':`, 'g'))];
  return new Map(
    starts.map((match, index) => {
      const end = starts[index + 1]?.index ?? body.length;
      return [match[2], { doc: textOf(match[1] ?? ''), fields: fieldComments(body.slice(match.index, end)) }];
    }),
  );
}

/** The doc comments of the fields of a constant's object, such as `export const rosterEntry`. */
export function constantFields(source, name) {
  const start = `export const ${name} =`;
  return { doc: commentBefore(source, start), fields: fieldComments(bodyOf(source, start, '\n});')) };
}

function fieldComments(text) {
  const fields = text.matchAll(new RegExp(`${COMMENT}\\s*(\\w+):`, 'g'));
  return new Map([...fields].map(([, doc, name]) => [name, textOf(doc)]));
}

function bodyOf(source, start, end) {
  const from = source.indexOf(start);
  const to = from < 0 ? -1 : source.indexOf(end, from);
  if (to < 0) throw new Error(`"${start}" was not found`);
  return source.slice(from + start.length, to);
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
