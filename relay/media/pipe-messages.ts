/** What comes from another node, read strictly before mediasoup gets it: it was text on the bus. */
import { BlockList, isIPv6 } from 'node:net';
import type { types } from 'mediasoup';
import { z } from 'zod';
import type { PipeEnd, PipeRequest } from './media.ts';
import { PIPE_CRYPTO_SUITE } from './node-link.ts';
import { NodePipeError } from './node-pipe-error.ts';

/** Addresses that are no other host's: "any", multicast and broadcast (RFC 6890, RFC 5771, RFC 4291). */
const NO_HOST = new BlockList();
NO_HOST.addSubnet('0.0.0.0', 8, 'ipv4');
NO_HOST.addSubnet('224.0.0.0', 4, 'ipv4');
NO_HOST.addAddress('255.255.255.255', 'ipv4');
NO_HOST.addAddress('::', 'ipv6');
NO_HOST.addSubnet('ff00::', 8, 'ipv6');

/** Master key of 32 bytes and salt of 12 (RFC 7714 12). */
const SRTP_KEY_BYTES = 44;

const pipeEnd: z.ZodType<PipeEnd> = z.strictObject({
  ip: z
    .union([z.ipv4(), z.ipv6()])
    .refine((ip) => !NO_HOST.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4'), 'is no address of a host'),
  port: z.int().min(1).max(65_535),
  srtp: z.strictObject({
    cryptoSuite: z.literal(PIPE_CRYPTO_SUITE),
    keyBase64: z
      .base64()
      .max(2 * SRTP_KEY_BYTES)
      .refine((key) => Buffer.from(key, 'base64').length === SRTP_KEY_BYTES, `is not of ${SRTP_KEY_BYTES} bytes`),
  }),
});

const pipeRequest: z.ZodType<PipeRequest> = z.strictObject({
  link: z.uuid(),
  sourceId: z.string().min(1).max(64),
  end: pipeEnd,
});

/**
 * One stream of Opus, as mediasoup's pipe consumers send it. What is not named here does not pass, rather than being refused: a
 * newer mediasoup at the other node may say more, while nodes are replaced one by one.
 */
const rtpParameters = z.object({
  codecs: z
    .array(
      z.object({
        mimeType: z.string().regex(/^audio\/opus$/i),
        payloadType: z.int().min(96).max(127),
        clockRate: z.literal(48_000),
        channels: z.literal(2),
        parameters: z
          .record(z.string().max(32), z.union([z.string().max(64), z.number(), z.boolean()]))
          .refine((given) => Object.keys(given).length <= 16, 'has too many entries')
          .default({}),
        rtcpFeedback: z
          .array(z.object({ type: z.string().max(32), parameter: z.string().max(32).optional() }))
          .max(8)
          .default([]),
      }),
    )
    .length(1),
  headerExtensions: z
    .array(z.object({ uri: z.string().max(128), id: z.int().min(1).max(14) }))
    .max(16)
    .default([]),
  encodings: z
    .array(z.object({ ssrc: ssrc(), dtx: z.boolean().optional(), rtx: z.object({ ssrc: ssrc() }).optional() }))
    .length(1),
  rtcp: z.object({ cname: z.string().min(1).max(256), reducedSize: z.boolean().default(true) }),
});

const pipeAnswer = z.strictObject({ end: pipeEnd, rtpParameters });

/** The other node's request. @throws NodePipeError bad_request */
export function readPipeRequest(request: unknown): PipeRequest {
  return read(pipeRequest, request, 'request for a pipe');
}

/**
 * The home's answer.
 * @param supported header extensions (RFC 8285) that this node's router knows; others are left out
 * @throws NodePipeError bad_request
 */
export function readPipeAnswer(
  answer: unknown,
  supported: readonly types.RtpHeaderExtension[],
): { readonly end: PipeEnd; readonly rtpParameters: types.RtpParameters } {
  const { end, rtpParameters: given } = read(pipeAnswer, answer, 'answer for a pipe');
  const { codecs, encodings, rtcp } = given;
  const headerExtensions = given.headerExtensions.flatMap(({ uri, id }) => {
    const known = supported.find((extension) => extension.kind === 'audio' && extension.uri === uri);
    return known === undefined ? [] : [{ uri: known.uri, id }];
  });
  return {
    end,
    rtpParameters: {
      codecs: codecs.map(({ rtcpFeedback, ...codec }) => ({
        ...codec,
        rtcpFeedback: rtcpFeedback.map(({ type, parameter = '' }) => ({ type, parameter })),
      })),
      headerExtensions,
      encodings: encodings.map(({ ssrc, dtx = false, rtx }) => ({ ssrc, dtx, ...(rtx && { rtx }) })),
      rtcp,
    },
  };
}

function ssrc(): z.ZodInt {
  return z.int().min(1).max(0xffff_ffff);
}

function read<T>(schema: z.ZodType<T>, given: unknown, what: string): T {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  // Only where and what is wrong: the text may hold a key.
  const issues = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new NodePipeError('bad_request', `The ${what} cannot be used (${issues.slice(0, 3).join('; ')}).`);
}
