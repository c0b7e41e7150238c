import { TextError, unseenCharacter } from '../strict-text.ts';

const NAME = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/;
const QUOTES = ['"', "'"];
/** Blanks as every program sees them. What `trim` takes away besides, such as a no-break space, Docker and systemd keep. */
const BLANKS = /^[ \t]+|[ \t]+$/g;

/** What a bare value, and one in double quotation marks, may not hold: programs differ about it. */
const TAKEN_DIFFERENTLY: readonly (readonly [mark: string, inBare: RegExp, inDouble: RegExp | null, reason: string])[] =
  [
    ['#', /#/, null, 'which some programs take for the start of a comment'],
    ['$', /\$/, /\$/, 'which Docker Compose takes for the start of a variable'],
    ['\\', /\\/, /\\(?!n)/, 'which systemd takes away'],
    ['`', /^`/, null, 'at its start, which Node alone takes for a quotation mark'],
  ];

/**
 * Reads an env file (`NAME=value` lines, as `node --env-file`, Docker and systemd read them). Where these disagree on what a
 * line means, such as a # after an unquoted value, a $ or a backslash, it is refused: a secret that is cut in one of two programs
 * looks like a wrong signature, and one that is cut in both is weak.
 *
 * Values stand bare, or in quotation marks (then over several lines too; in double ones `\n` is a line end). Comments
 * begin with # on a line of their own.
 * @throws TextError with the number of the line
 */
export function parseEnvFile(text: string): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? '').replace(BLANKS, '');
    if (line === '' || line.startsWith('#')) continue;
    const where = `has a mistake in line ${at + 1}`;
    const match = NAME.exec(line);
    if (!match) {
      const unseen = unseenCharacter(line);
      throw new TextError(
        `${where}: it is not NAME=value${unseen === null ? '' : `, but holds ${unseen}`}. Comments begin with #.`,
      );
    }
    const name = match[1] ?? '';
    if (Object.hasOwn(values, name)) throw new TextError(`${where}: ${name} is set a second time. Keep one of both.`);

    const rest = line.slice(match[0].length);
    const quote = QUOTES.find((mark) => rest.startsWith(mark));
    if (quote === undefined) {
      refuseWhatDiffers(rest, 'bare', name, where);
      values[name] = rest;
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
    if (!/^[ \t]*(?:#.*)?$/.test(quoted.slice(end + 1))) {
      throw new TextError(
        `${where}: after the closing ${quote} of ${name} there is more. If ${quote} belongs to the value, quote it with another mark.`,
      );
    }
    const value = quoted.slice(0, end);
    if (quote === '"') refuseWhatDiffers(value, 'double', name, where);
    values[name] = quote === '"' ? value.replaceAll('\\n', '\n') : value;
  }
  return { ...values };
}

function refuseWhatDiffers(value: string, as: 'bare' | 'double', name: string, where: string): void {
  const found = TAKEN_DIFFERENTLY.find(([, bare, double]) => (as === 'bare' ? bare : double)?.test(value));
  if (!found) return;
  const [mark, , , reason] = found;
  throw new TextError(
    `${where}: the value of ${name} has a ${mark} in it, ${reason}. If it belongs to the value, write ${name}='…' in single ` +
      'quotation marks; a comment stands on a line of its own.',
  );
}
