import { TextError } from '../strict-text.ts';

const NAME = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/;
const QUOTES = ['"', "'", '`'];

/**
 * Reads an env file (`NAME=value` lines, as `node --env-file`, Docker and systemd read them). Where these disagree on what a
 * line means, such as a # after an unquoted value, it is refused: a secret that is cut in one of two programs looks like a
 * wrong signature, and one that is cut in both is weak.
 *
 * Values stand bare, or in quotation marks (then over several lines too; in double ones `\n` is a line end). Comments
 * begin with # on a line of their own.
 * @throws TextError with the number of the line
 */
export function parseEnvFile(text: string): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]?.trim() ?? '';
    if (line === '' || line.startsWith('#')) continue;
    const where = `has a mistake in line ${at + 1}`;
    const match = NAME.exec(line);
    if (!match) throw new TextError(`${where}: it is not NAME=value. Comments begin with #.`);
    const name = match[1] ?? '';
    if (Object.hasOwn(values, name)) throw new TextError(`${where}: ${name} is set a second time. Keep one of both.`);

    const rest = line.slice(match[0].length);
    const quote = QUOTES.find((mark) => rest.startsWith(mark));
    if (quote === undefined) {
      values[name] = bareValue(rest, name, where);
      continue;
    }
    // The quoted value may go on over the next lines, untrimmed.
    let quoted = rest.slice(1);
    if (!quoted.includes(quote)) {
      const raw = lines[at] ?? '';
      quoted = raw.slice(raw.indexOf(quote, raw.indexOf('=')) + 1);
    }
    while (!quoted.includes(quote)) {
      at++;
      const next = lines[at];
      if (next === undefined) throw new TextError(`${where}: ${name} begins with ${quote}, which is never closed.`);
      quoted += `\n${next}`;
    }
    const end = quoted.indexOf(quote);
    if (!/^\s*(?:#.*)?$/.test(quoted.slice(end + 1))) {
      throw new TextError(
        `${where}: after the closing ${quote} of ${name} there is more. If ${quote} belongs to the value, quote it with another mark.`,
      );
    }
    const value = quoted.slice(0, end);
    values[name] = quote === '"' ? value.replaceAll('\\n', '\n') : value;
  }
  return { ...values };
}

function bareValue(value: string, name: string, where: string): string {
  if (!value.includes('#')) return value;
  throw new TextError(
    `${where}: the value of ${name} has a # in it, which some programs take for the start of a comment. If it belongs to the ` +
      `value, write ${name}="…" in quotation marks; else put the comment on a line of its own.`,
  );
}
