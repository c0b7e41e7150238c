/** Reads the offers of `fixtures/devices/` for tests; the README there says where each comes from. */
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../fixtures/devices/', import.meta.url);

/** Names of all offers of devices. */
export const DEVICE_OFFERS: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.sdp'))
  .map((file) => file.slice(0, -'.sdp'.length))
  .sort();

/** The text of one. */
export function deviceOffer(name: string): string {
  return readFileSync(new URL(`${name}.sdp`, folder), 'utf8');
}
