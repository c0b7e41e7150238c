import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { headPath } from './days.ts';
import { isSignedBy, type SigningKey } from './signing-key.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

const content = z.strictObject({
  chain: z.string().max(64),
  day,
  /** Numbers of the day's first and last record when it was signed. */
  first: z.number().int().positive(),
  last: z.number().int().positive(),
  /** Hash of the record `last`. */
  head: hash,
  /** Nothing is added to this day any more. */
  closed: z.boolean(),
  /** The public key: SPKI, DER, base64. */
  key: z.string().max(200),
});

const signedHead = content.extend({ signature: z.string().max(200) });

/** What a day came to: who changes one of its records, and all hashes after it, cannot sign this anew. */
export type HeadContent = z.infer<typeof content>;
export type SignedHead = z.infer<typeof signedHead>;

/** Signs what a day came to. */
export function signHead(about: Omit<HeadContent, 'key'>, key: SigningKey): SignedHead {
  const whole = { ...about, key: key.publicKey };
  return { ...whole, signature: key.sign(textOf(whole)) };
}

/** Whether the head was signed by the key that it names. */
export function isGenuine(head: SignedHead): boolean {
  return isSignedBy(head.key, textOf(head), head.signature);
}

/** Puts a head in the place of the day's older one: a reader finds the one or the other. */
export function writeHead(folder: string, head: SignedHead): void {
  const path = headPath(folder, head.day);
  writeFileSync(`${path}.new`, `${JSON.stringify(head)}\n`, { mode: 0o640 });
  renameSync(`${path}.new`, path);
}

/** The head of a day; null when there is none; `unreadable` when it is no head. */
export function readHead(folder: string, of: string): SignedHead | null | 'unreadable' {
  let text: string;
  try {
    text = readFileSync(headPath(folder, of), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    const read = signedHead.safeParse(JSON.parse(text));
    return read.success && read.data.day === of ? read.data : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

/** What is signed: one text for one content, with what it is for in front. */
function textOf({ chain, day: of, first, last, head, closed, key }: HeadContent): string {
  return JSON.stringify(['prospect-live audit head 1', chain, of, first, last, head, closed, key]);
}
