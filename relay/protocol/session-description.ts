import { z } from 'zod';

/** The longest session description that is read, in characters. A browser's audio-only offer is about 2,000. */
export const MAX_SDP_LENGTH = 16_384;

/** A session description (RFC 8866), as far as its length goes: what it says is read where it is used. */
export const sdp = z.string().min(1).max(MAX_SDP_LENGTH);
