import { z } from 'zod';

/**
 * What is told of a stream, or a whisper, that is sealed from end to end (RFC 9605; docs/e2ee.md): no secret, and of no use without the team's
 * key, which never comes here. The relay passes it on as it comes.
 */
export const streamSeal = z.strictObject({
  /** 16 random bytes, made anew for each stream and each whisper (base64url, RFC 4648 5). */
  salt: z.string().regex(/^[\w-]{22}$/),
  /** Which stream or whisper a frame is of: 16 random bits, in the key id of each frame. */
  tag: z.number().int().min(0).max(0xffff),
});

export type StreamSeal = z.infer<typeof streamSeal>;
