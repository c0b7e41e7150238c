/** What several messages of the protocol carry. Part of messages.ts, and of the files that belong to it. */
import { z } from 'zod';

/** The longest session description that is read, in characters. A browser's audio-only offer is about 2,000. */
export const MAX_SDP_LENGTH = 16_384;

/** A session description (RFC 8866), as far as its length goes: what it says is read where it is used. */
export const sdp = z.string().min(1).max(MAX_SDP_LENGTH);

/** The `sub` of a token. */
export const userId = z.string().min(1).max(128);

/** A name as people are shown it. */
export const displayName = z.string().max(200);

/** Whole milliseconds. */
export const durationMs = z.number().int().nonnegative();

/** Negotiation mode: `connect` makes a new transport (closing the session's older one), `restart-ice` keeps it and its media. */
export const negotiation = z.enum(['connect', 'restart-ice']);

/** Nothing. */
export const empty = z.strictObject({});
