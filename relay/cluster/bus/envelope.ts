import { z } from 'zod';
import { nodeId } from '../bus-protocol.ts';

const whole = z.number().int().positive();
const requestId = z.string().min(1).max(16);

/** What every message stands in, under the seal. Exactly these fields. */
export const envelope = z.strictObject({
  /** The sender, and its life. */
  from: nodeId,
  epoch: whole,
  /** The receiver, and its life: a message for an earlier one is not for this one. Both absent: for all who follow the topic. */
  to: nodeId.optional(),
  toEpoch: whole.optional(),
  /** Counts the sender's messages in this channel, from 1, without a gap. */
  seq: whole,
  /** The name of the message. Of an answer: that of its request. */
  kind: z.string().min(1).max(64),
  /** On a request: what the answer says as `re`. */
  id: requestId.optional(),
  /** On an answer: the `id` of the request. */
  re: requestId.optional(),
  /** On an answer in the negative, in place of a result. */
  refusal: z.strictObject({ code: z.string().min(1).max(64), message: z.string().max(500) }).optional(),
  body: z.unknown(),
});

export type Envelope = z.infer<typeof envelope>;

/** The longest message, sealed, in bytes. */
export const MAX_MESSAGE_BYTES = 1_048_576;
