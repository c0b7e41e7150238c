/** What a node tells the others of the commercials whose pages are connected to it. */
import { z } from 'zod';
import type { StreamEnd } from '../audit/audit-entries.ts';
import { userId } from '../protocol/message-parts.ts';
import { interruption, streamStatus, voiceLevel } from '../protocol/messages.ts';
import { streamSeal } from '../protocol/stream-seal.ts';

/** A team's name. */
export const equipeName = z.string().min(1).max(128);

/** A stream's id. */
export const uuid = z.uuid();

const count = z.number().int().nonnegative();

/** Why a stream ended: as in the audit trail. */
const streamEnd = z.enum([
  'stopped',
  'replaced',
  'grace_expired',
  'time_limit',
  'token_expired',
  'page_gone',
  'relay_stopping',
  'policy_hours',
  'policy_time',
  'consent_required',
  'e2ee_required',
  'storage_unavailable',
  'policy_devices',
]) satisfies z.ZodType<StreamEnd>;

/** A stream, as its home sees it. */
export const streamRow = z.strictObject({
  id: uuid,
  /** Of two streams of one commercial the one with the higher number is the newer. */
  order: count,
  status: streamStatus,
  interruption: interruption.nullable(),
  level: voiceLevel,
  liveForMs: count,
  /** The page has a connection, and can be told who listens. */
  attended: z.boolean(),
  /** Set while it is sealed from end to end. Left out of others: nodes of before do not know it. */
  e2ee: streamSeal.optional(),
  /** It comes from a device. Left out where it does not: nodes of before do not know it. */
  device: z.boolean().optional(),
});

/** A commercial, as one node knows them by its own pages. */
export const commercialRow = z.strictObject({
  id: userId,
  /** Rises with each row of this life of the node, whoever it is about. */
  version: z.number().int().positive(),
  name: z.string().max(200),
  equipe: equipeName,
  /** A page of theirs is connected there. */
  present: z.boolean(),
  /** Who listens or waits, as counted there, those of other nodes included. */
  listenerCount: count,
  /** Milliseconds since a page that is connected there asked for help; null: none does. */
  helpForMs: count.nullable(),
  stream: streamRow.nullable(),
  /** The stream that ended last there, for the causes in the audit trail. */
  ended: z.strictObject({ stream: uuid, cause: streamEnd }).nullable(),
});

/** What one node has of a commercial's stream, for the same commercial's pages at other nodes. */
export const ownStream = z.strictObject({
  userId,
  /** Rises with each of this life of the node, whoever it is about. */
  version: z.number().int().positive(),
  /** Null: none there. */
  stream: z.strictObject({ id: uuid, order: count, status: streamStatus, liveForMs: count }).nullable(),
});

export type StreamRow = z.infer<typeof streamRow>;
export type OwnStream = z.infer<typeof ownStream>;
export type CommercialRow = z.infer<typeof commercialRow>;
