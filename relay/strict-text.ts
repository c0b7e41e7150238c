/**
 * Text that comes from outside as bytes (env files, secrets, keys, certificates, key sets, tokens) is read here and nowhere
 * else. A lenient reader turns every byte that is no UTF-8 into U+FFFD, so that different secrets become the same one.
 */
import { readFileSync } from 'node:fs';

/** How a text may begin and what it may hold. */
export interface TextRules {
  /** A UTF-8 byte order mark (U+FEFF) at the start: `drop` it, or refuse the text, where each byte counts. */
  readonly mark: 'drop' | 'refuse';
}

/** The bytes are not the text that was expected. The message is a clause that follows the name of a file or a variable. */
export class TextError extends Error {
  override readonly name = 'TextError';
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Bytes as text, exactly: UTF-8 (RFC 3629) without NUL.
 * @throws TextError that says what they are instead, and what to save them as
 */
export function decodeText(bytes: Uint8Array, { mark }: TextRules): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new TextError('is saved as UTF-16 (Windows calls it “Unicode”). Save it as UTF-8.');
  }
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw new TextError('holds bytes that are no text in UTF-8.');
  }
  if (text.includes('\0')) throw new TextError('holds a NUL character, so it is no text. Save it as UTF-8.');
  if (!text.startsWith('\uFEFF')) return text;
  if (mark === 'refuse') {
    throw new TextError('begins with a byte order mark. Save it as UTF-8 without one (“UTF-8”, not “UTF-8 with BOM”).');
  }
  return text.slice(1);
}

/**
 * Characters that cannot be seen, or that stand for bytes which could not be read: controls, formats, private and unassigned ones
 * (Unicode categories Cc, Cf, Co, Cn), fillers and variation selectors, the empty Braille pattern, U+FFFD; and blanks of every
 * kind but the space, which look like it.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800\uFFFD]|(?! )\p{Z}/u;

/** Names the first character of a text that nobody would see in an editor, such as `U+200B`; null when there is none. */
export function unseenCharacter(text: string): string | null {
  if (!text.isWellFormed()) return 'half of a surrogate pair';
  const found = UNSEEN.exec(text)?.[0];
  if (found === undefined) return null;
  if (found === '\r') return 'a carriage return (the end of a line as Windows saves it)';
  if (found === '\n') return 'a line end';
  if (found === '\t') return 'a tab';
  const code = `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return found === '\uFFFD' ? `${code}, which stands for bytes that are no UTF-8` : `the invisible character ${code}`;
}

/**
 * The text of a file, read once.
 * @throws TextError whose message begins with the path
 */
export function readTextFile(path: string, rules: TextRules): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new TextError(`${path} cannot be read (${reasonOf(error)}).`, { cause: error });
  }
  return decodeFile(path, bytes, rules);
}

/** The text of a file whose bytes were read. @throws TextError whose message begins with the path */
export function decodeFile(path: string, bytes: Uint8Array, rules: TextRules): string {
  try {
    return decodeText(bytes, rules);
  } catch (error) {
    throw new TextError(`${path} ${reasonOf(error)}`, { cause: error });
  }
}

/** Why a file could not be read, in few words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT') return 'there is no such file';
  if ('code' in error && error.code === 'EACCES') return 'no permission to read it';
  if ('code' in error && error.code === 'EISDIR') return 'it is a folder';
  return error.message;
}
