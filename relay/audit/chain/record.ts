import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AuditEntry } from '../audit-entries.ts';

/** What stands as `prev` in the first record of a chain. */
export const GENESIS = '0'.repeat(64);

/** What the keeper of the trail says about the trail itself, beside what the relay says of people. */
export type TrailEvent =
  /** The first record of a chain. `key`: the public key (SPKI, DER, base64) by which its heads are signed. */
  | { readonly event: 'chain_began'; readonly chain: string; readonly key: string }
  /** A relay opened the trail. `clean`: the one before had closed it. */
  | {
      readonly event: 'trail_opened';
      readonly clean: boolean;
      /** Bytes of a record that a crash left half written; they were cut off. */
      readonly tornBytes: number;
      /** Records that were signed once and are not there any more. */
      readonly missing: number;
      /** Records at the end that were not signed yet; from here on they are. */
      readonly unsigned: number;
    }
  /** A relay closed the trail on purpose. */
  | { readonly event: 'trail_closed' }
  /** Heads are signed with another key from here on. */
  | { readonly event: 'key_changed'; readonly key: string }
  /** The clock was set back by so much; times before and after do not compare. */
  | { readonly event: 'clock_set_back'; readonly byMs: number }
  /** So many entries could not be kept, because storage failed for too long. */
  | { readonly event: 'entries_lost'; readonly count: number }
  /** The days up to this one were deleted, as the policy's retention asks. `last` and `head`: number and hash of the last record deleted. */
  | { readonly event: 'days_deleted'; readonly through: string; readonly last: number; readonly head: string };

/** What a chain holds. */
export type ChainEntry = AuditEntry | TrailEvent;

/** Number, time and hash of the record before: what every line has. */
const frame = z.looseObject({
  seq: z.number().int().positive(),
  /** Wall clock of the relay, ISO 8601 in UTC. */
  at: z.iso.datetime({ precision: 3 }),
  prev: z.string().regex(/^[0-9a-f]{64}$/),
  event: z.string().min(1).max(64),
});

/** One record as it was read. Beside the frame: whatever its event carries. */
export type ChainRecord = z.infer<typeof frame>;

/** A record and the hash that the next one names. */
export interface ReadRecord {
  readonly record: ChainRecord;
  readonly hash: string;
}

/** The line of a record, without its end. The order of the keys is part of what is hashed. */
export function lineOf(seq: number, at: string, prev: string, entry: ChainEntry): string {
  return JSON.stringify({ seq, at, prev, ...entry });
}

/** SHA-256 of a line, in hexadecimal. */
export function hashOf(line: string | Uint8Array): string {
  return createHash('sha256').update(line).digest('hex');
}

/** Reads one line; null when it is none of a chain. */
export function readLine(line: string): ReadRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const read = frame.safeParse(value);
  return read.success ? { record: read.data, hash: hashOf(line) } : null;
}
