import type { HearingEnd, HelpEnd, StreamEnd } from '../audit/audit-entries.ts';

/**
 * Why somebody waits for a first packet. `first`: selected, having listened to nobody in this page. `switch`: selected in place of
 * somebody else. `resume`: the commercial's pause is over. `restart`: heard before, and lost by a fault, of whichever side.
 */
export const HEARING_CAUSES = ['first', 'switch', 'resume', 'restart'] as const;
export type HearingCause = (typeof HEARING_CAUSES)[number];

/** A commercial's media connection, or an admin's. */
export const MEDIA_KINDS = ['publish', 'listen'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/**
 * How a page's media reaches the relay. `turn`: from an address of the `TURN_URLS`, by whatever protocol the page reaches that; a
 * TURN server that relays from another address than its name has is not told from a page.
 */
export const MEDIA_PATHS = ['udp', 'tcp', 'turn'] as const;
export type MediaPath = (typeof MEDIA_PATHS)[number];

/**
 * How ICE or DTLS failed. `connecting`: no pair of addresses worked within 7 s of the page's description. `dtls`: one did, and the
 * handshake over it failed or took longer. `consent`: it was up, and nothing came from the page for 10 s (RFC 7675).
 */
export const MEDIA_FAILURES = ['connecting', 'dtls', 'consent'] as const;
export type MediaFailure = (typeof MEDIA_FAILURES)[number];

/**
 * What was mended. `signalling`: a page's connection; `network`: the path of its media; `worker`: its media worker died;
 * `transport`: its media connection failed for good; `microphone`, `hidden`: what the commercial's page reported.
 */
export const FAULTS = ['signalling', 'network', 'worker', 'transport', 'microphone', 'hidden'] as const;
export type Fault = (typeof FAULTS)[number];

export const REFUSED_AT = ['handshake', 'request', 'whip', 'whep'] as const;
export type RefusedAt = (typeof REFUSED_AT)[number];

/**
 * Which limit refused. `requests`: of one session a second; `flood`: the same for so long that the session ended; `address`, `user`:
 * signalling connections of one; `address_open`: the same before any handshake; `handshakes`: tokens verified at the same time;
 * `handshake`: a second one on a connection; `help`: one commercial asked for help too often;
 * `whisper`: one admin whispered or wrote too often.
 */
export const RATE_LIMITS = [
  'requests',
  'flood',
  'address',
  'address_open',
  'user',
  'handshakes',
  'handshake',
  'help',
  'whisper',
] as const;
export type RateLimit = (typeof RATE_LIMITS)[number];

/** Every reason, or the types say which one is missing. */
function all<T extends string>(reasons: Readonly<Record<T, true>>): readonly T[] {
  return Object.keys(reasons) as T[];
}

export const STREAM_ENDS = all<StreamEnd>({
  stopped: true,
  replaced: true,
  grace_expired: true,
  time_limit: true,
  token_expired: true,
  page_gone: true,
  relay_stopping: true,
  policy_hours: true,
  policy_time: true,
  consent_required: true,
  e2ee_required: true,
  storage_unavailable: true,
  policy_devices: true,
});

export const HEARING_ENDS = all<HearingEnd>({
  asked: true,
  replaced: true,
  forbidden: true,
  token_expired: true,
  page_gone: true,
  grace_expired: true,
  time_limit: true,
  stream_stopped: true,
  stream_replaced: true,
  stream_token_expired: true,
  stream_page_gone: true,
  source_lost: true,
  not_shown: true,
  worker_died: true,
  transport_failed: true,
  media_closed: true,
  relay_stopping: true,
  policy_hours: true,
  policy_time: true,
  policy_time_used: true,
  policy_protected: true,
  policy_full: true,
  purpose_required: true,
  consent_required: true,
  e2ee_required: true,
  storage_unavailable: true,
  policy_devices: true,
});

export const HELP_ENDS = all<HelpEnd>({
  taken_back: true,
  answered: true,
  stream_ended: true,
  page_gone: true,
  token_expired: true,
  relay_stopping: true,
});
