/**
 * The messages of whispering: an admin who hears a commercial speaks into that commercial's ear, or sends a short text. Part of the
 * protocol's requests and notifications (messages.ts).
 */
import { z } from 'zod';
import { displayName, durationMs, empty, negotiation, sdp, userId } from './message-parts.ts';
import { streamSeal } from './stream-seal.ts';

/** The longest that somebody may whisper at a time, in milliseconds. */
export const WHISPER_LIMIT_MS = 30_000;

/** The longest text of a cue, in characters. */
export const MAX_CUE_LENGTH = 80;

/** Most other admins who hear one whisper. */
export const MAX_HEARERS = 50;

const id = z.string().min(1).max(64);
const version = z.number().int().positive();

/** Who whispers. */
export const whisperer = z.strictObject({ id: userId, name: displayName });

/** A whisper that somebody else hears too. `e2ee`: it is sealed from end to end. */
export const overheard = z.strictObject({ id, by: whisperer, e2ee: streamSeal.optional() });

/**
 * Why a whisper ended. `stopped`: by the admin. `refused`: by the commercial. `echo`: the commercial's microphone heard it, over a loudspeaker.
 * `time_limit`: it was as long as one may be. `not_heard`: the admin hears the commercial no more (a pause, an end, another selection).
 * `not_shown`: the commercial's page did not say in time that it shows who whispers. `page_away`: one of the two pages lost its
 * connection. `media_lost`: the audio path of one of the two is gone. `policy`: it is not allowed any more. `e2ee_required`: it was not sealed from
 * end to end, and the stream is by now, or a token asks for it. `e2ee_key_missing`, `e2ee_cannot_decrypt`: the commercial's page has not the key
 * that it is sealed with, or another one of that number.
 */
export const whisperEnd = z.enum([
  'stopped',
  'refused',
  'echo',
  'time_limit',
  'not_heard',
  'not_shown',
  'page_away',
  'media_lost',
  'policy',
  'e2ee_required',
  'e2ee_key_missing',
  'e2ee_cannot_decrypt',
]);

/** Why a commercial's page ends a whisper that its user did not refuse. */
export const whisperFault = whisperEnd.extract(['echo', 'e2ee_required', 'e2ee_key_missing', 'e2ee_cannot_decrypt']);

/** The text of a cue: one line of what can be seen. */
const cueText = z
  .string()
  .max(MAX_CUE_LENGTH * 4)
  .transform((text) => text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim())
  .pipe(z.string().min(1).max(MAX_CUE_LENGTH));

/** See `requests` in messages.ts, to which these belong. */
export const whisperRequests = {
  /**
   * What the commercial lets be sent into their ear, for this stream: a voice (they wear an earpiece; off when a stream begins), and texts
   * (on when it begins). Idempotent. What is not allowed any more ends at once. `e2ee`: the page opens sealed whispers; without it a sealed stream is whispered
   * to by nobody.
   */
  'whisper:allow': {
    roles: ['commercial'],
    params: z.strictObject({ voice: z.boolean(), cues: z.boolean(), e2ee: z.boolean().optional() }),
    result: empty,
  },
  /**
   * Negotiate what whispers are heard with, by the commercial, or by an admin whom `whisper:changed` tells `overheard`: the relay's offer (one sendonly
   * Opus m-line), as with `listen:connect`.
   */
  'whisper:connect': {
    roles: ['commercial', 'admin'],
    params: z.strictObject({ mode: negotiation }),
    result: z.strictObject({ sdp }),
  },
  /** The page's answer to the offer of `whisper:connect`. */
  'whisper:answer': { roles: ['commercial', 'admin'], params: z.strictObject({ sdp }), result: empty },
  /** The page shows this whisper or cue: who it is from, and that it is. Only then is a voice passed on. Idempotent. */
  'whisper:shown': { roles: ['commercial'], params: z.strictObject({ id }), result: empty },
  /** Negotiate the microphone of an admin who may whisper: the page's offer (one sendonly Opus m-line), the relay's answer. */
  'whisper:offer': {
    roles: ['admin'],
    params: z.strictObject({ mode: negotiation, sdp }),
    result: z.strictObject({ sdp }),
  },
  /** Speak to the commercial who is heard. Answered once their page shows it, and the voice is passed on. `e2ee`: it is sealed from end to end. */
  'whisper:begin': {
    roles: ['admin'],
    params: z.strictObject({ e2ee: streamSeal.optional() }),
    result: z.strictObject({ id, limitMs: durationMs }),
  },
  /** Send the commercial who is heard a short text. Answered once their page shows it. */
  'whisper:cue': { roles: ['admin'], params: z.strictObject({ text: cueText }), result: empty },
  /** This page, whose whisper it is, shows those of this version of `whisper:hearers`: the voice is passed on to them. Wants no answer. */
  'whisper:seen': { roles: ['admin'], params: z.strictObject({ id, version }), result: empty },
  /** End the whisper: the admin's own, or whichever the commercial hears. Idempotent. `reason` is the commercial's page's. */
  'whisper:stop': {
    roles: ['commercial', 'admin'],
    params: z.strictObject({ reason: whisperFault.optional() }),
    result: empty,
  },
  /**
   * Let go of the media that whispers take: what the commercial hears them with; the admin's microphone, or (`ear`) what this page hears the whispers of
   * others with. Idempotent.
   */
  'whisper:disconnect': {
    roles: ['commercial', 'admin'],
    params: z.strictObject({ ear: z.boolean().optional() }),
    result: empty,
  },
} as const;

/** See `notifications` in messages.ts, to which these belong. */
export const whisperNotifications = {
  /** Commercial: somebody is about to whisper. The page shows who, plays a tone, and answers with `whisper:shown`. */
  'whisper:began': z.strictObject({ id, by: whisperer, limitMs: durationMs, e2ee: streamSeal.optional() }),
  /** Commercial: somebody sends a short text. The page shows it, and answers with `whisper:shown`. */
  'whisper:cued': z.strictObject({ id, by: whisperer, text: z.string().max(MAX_CUE_LENGTH) }),
  /** Both: a whisper is over without this page asking. */
  'whisper:ended': z.strictObject({ id, reason: whisperEnd }),
  /**
   * Admin: what the selected commercial lets be sent into their ear by this admin, and who speaks to them now. A new selection and a new connection begin
   * with nothing.
   */
  'whisper:changed': z.strictObject({
    commercialId: userId,
    /** The commercial allows it, their page is ready for it, and the admin's token has the claim. */
    voice: z.boolean(),
    /** The same for texts. */
    cues: z.boolean(),
    by: whisperer.nullable(),
    /** The policy lets others who listen hear what is said, and so this page, over `whisper:connect`. Left out: it does not. */
    overheard: z.boolean().optional(),
  }),
  /**
   * Admin: the whisper of somebody else to the selected commercial is passed on to this page from now on, or (null) no more.
   */
  'whisper:overheard': z.strictObject({
    commercialId: userId,
    whisper: overheard.nullable(),
  }),
  /** Admin: who else hears, or is about to hear, the whisper of this page. Nobody does before `whisper:seen` names the version. */
  'whisper:hearers': z.strictObject({ id, version, hearers: z.array(whisperer).max(MAX_HEARERS) }),
  /** Commercial: whether the policy lets admins whisper to them at all. A connection begins without; sent when that changes. */
  'whisper:offered': z.strictObject({ offered: z.boolean() }),
} as const;

export type WhisperEnd = z.infer<typeof whisperEnd>;
export type WhisperFault = z.infer<typeof whisperFault>;
export type Whisperer = z.infer<typeof whisperer>;
