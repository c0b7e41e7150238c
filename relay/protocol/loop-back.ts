/**
 * The loop-back of the page /doctor: one page hears its own microphone back, over the media path that real audio takes. Messages of
 * the Socket.IO namespace `/doctor`, which knows nothing of sessions, streams and rosters. PROTOCOL.md says the same in prose.
 */
import { z } from 'zod';
import { empty, sdp } from './message-parts.ts';
import { iceServer } from './messages.ts';

/** The namespace. */
export const LOOP_BACK_NAMESPACE = '/doctor';

/** How many loop-backs one relay has at the same time; one more is refused with `capacity`. */
export const MAX_LOOP_BACKS = 10;

/** How often one user may begin one, in a minute in the long run; half as many at once after a pause. More are refused with `rate_limited`. */
export const LOOP_BACKS_PER_MINUTE = 20;

/** How long one may last, in milliseconds. */
export const LOOP_BACK_MS = 180_000;

/** Requests, each with an acknowledgement: what it takes, and what a positive acknowledgement carries. */
export const loopBackRequests = {
  /** The page's offer of what it sends (one sendonly Opus m-line). A newer one takes the older transport's place. */
  'loopback:offer': { params: z.strictObject({ sdp }), result: z.strictObject({ sdp }) },
  /** A transport for what comes back. The answer is the relay's offer. A newer one takes the older transport's place. */
  'loopback:connect': { params: empty, result: z.strictObject({ sdp }) },
  /** The page's answer to that offer. From here on it hears what it sends, as soon as both transports are connected. */
  'loopback:answer': { params: z.strictObject({ sdp }), result: empty },
} as const;

/** What the relay tells the page. */
export const loopBackNotifications = {
  /** First, once the token is accepted. `limitMs`: after this long the loop-back ends. */
  'loopback:ready': z.strictObject({
    relayVersion: z.string(),
    protocol: z.number().int(),
    /** The role that the token gives; the loop-back is the same for all of them. */
    role: z.enum(['commercial', 'admin', 'doctor']),
    tokenExpiresInMs: z.number().int().nonnegative(),
    iceServers: z.array(iceServer),
    limitMs: z.number().int().positive(),
  }),
  /** A transport is gone, and the page may negotiate anew. */
  'loopback:lost': z.strictObject({ direction: z.enum(['up', 'down']) }),
  /**
   * It is over; the connection is closed after this. `replaced`: the same user has opened the page anew. `rate_limited`: requests came too
   * fast, also after the relay asked to slow down.
   */
  'loopback:ended': z.strictObject({
    reason: z.enum(['time_limit', 'token_expired', 'relay_stopping', 'replaced', 'rate_limited']),
  }),
} as const;

/** What the relay says first. */
export type LoopBackReady = z.infer<(typeof loopBackNotifications)['loopback:ready']>;
