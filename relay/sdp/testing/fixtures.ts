/** Reads the descriptions of `fixtures/` for tests; `fixtures/README.md` says where each comes from. */
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../fixtures/', import.meta.url);

/** The text of one fixture. @param name without `.sdp` */
export function readFixture(name: string): string {
  return readFileSync(new URL(`${name}.sdp`, folder), 'utf8');
}

/** Names of all fixtures of one kind. */
export function fixtureNames(kind: 'offer' | 'answer'): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sdp') && file.includes(`-${kind}`))
    .map((file) => file.slice(0, -'.sdp'.length))
    .sort();
}
