/**
 * The wire protocol between the widgets and the relay, over Socket.IO: every request (page to relay, always with an
 * acknowledgement) and every notification (relay to page), each as a zod schema from which its type is inferred.
 * The relay parses with these; the widgets import the types only, so that zod stays out of the page.
 * PROTOCOL.md says the same in prose.
 */
import { z } from 'zod';
import type { ErrorCode } from './error-codes.ts';
import { cannotOpen, listenerInfo } from './listener-info.ts';
import { displayName, durationMs, empty, negotiation, sdp, userId } from './message-parts.ts';
import { policyNotifications } from './policy-messages.ts';
import { barred, policyReason, purposeId } from './policy-shapes.ts';
import { streamSeal } from './stream-seal.ts';
import { whisperNotifications, whisperRequests } from './whisper-messages.ts';

/** Raised when a change would break a page that speaks the older version. Sent in the handshake and in `session:ready`. */
export const PROTOCOL_VERSION = 3;

/**
 * Pages of an older protocol are refused (`protocol_outdated`). Protocol 2 read every `demand:changed` as the whole list: such a page
 * would show others than listen. Protocol 1 did not acknowledge it.
 */
export const OLDEST_PROTOCOL = 3;

const equipeName = z.string().min(1).max(128);

/** How loud a commercial speaks, without media: 0 silent, 1 to 4 from a murmur to loud. */
export const voiceLevel = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);

/**
 * What a commercial's stream is doing. `live`: started; sound can be heard. `paused`: the commercial pressed pause; the
 * relay passes nothing on. `interrupted`: started, but the microphone or the network is lost for the moment.
 */
export const streamStatus = z.enum(['live', 'paused', 'interrupted']);

/**
 * What an admin's selection is doing: a stream's status, or `waiting` (nobody streams yet), or `joining` (live, and the
 * commercial's page is being told of this admin; nothing is heard before it has acknowledged).
 */
export const listenStatus = z.enum(['waiting', 'joining', ...streamStatus.options]);

/** What a roster row shows: a stream's status, or `ready` (connected, not streaming), or `offline` (seen lately). */
export const commercialStatus = z.enum(['offline', 'ready', ...streamStatus.options]);

/** Why a stream is interrupted, for words on both sides. */
export const interruption = z.enum(['microphone', 'hidden', 'network', 'relay']);

/** One commercial in an admin's roster. */
export const rosterEntry = z.strictObject({
  /** The `sub` of the commercial's token. */
  id: userId,
  name: displayName,
  equipe: equipeName,
  status: commercialStatus,
  /** Set while `status` is `interrupted`. */
  interruption: interruption.nullable(),
  /** Milliseconds since the stream's start when this was sent, null without a stream. A duration, because clocks differ. */
  liveForMs: durationMs.nullable(),
  level: voiceLevel,
  /** How many admins listen to or wait for this commercial. */
  listenerCount: z.number().int().nonnegative(),
  /** Milliseconds since the commercial asked for help, when this was sent; null: they do not ask. */
  helpForMs: durationMs.nullable(),
  /** The policy lets nobody begin to hear them now; left out: it does. */
  barred: barred.optional(),
  /** The stream comes from a device (WHIP), which shows nobody who listens. Left out: from a page, or there is no stream. */
  device: z.boolean().optional(),
});

/** Why help is no longer asked for, as far as the page does not know it by itself. */
export const helpReason = z.enum(['taken_back', 'answered', 'stream_ended']);

/** How loud one commercial of an admin's roster speaks now. */
export const levelChange = z.strictObject({ id: userId, level: voiceLevel });

/** One entry of RTCConfiguration.iceServers (W3C WebRTC 4.2.4). */
export const iceServer = z.strictObject({
  urls: z.array(z.string()),
  username: z.string().optional(),
  credential: z.string().optional(),
});

/** The authenticated user, as the token's claims say. */
export const sessionUser = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('commercial'), id: userId, name: displayName, equipe: equipeName }),
  z.strictObject({ role: z.literal('admin'), id: userId, name: displayName, equipes: z.array(equipeName) }),
]);

/** Somebody whom the token of an admin names, so that they stand in the list before they ever connected. */
export const expectedPerson = z.strictObject({ id: userId, name: displayName, equipe: equipeName });

/** Where one node of a cluster is reached: with `path` before `/socket.io/`, at the same host name or, if it has one, at its own URL. */
export const nodePlace = z.strictObject({
  path: z.string().max(256),
  /** An origin, as `https://relay-2.example.com`. */
  url: z.string().max(512).optional(),
});

/** What the page puts into the handshake's `auth`. The token never stands in a URL. */
export const handshakeAuth = z.object({
  /** The host's JSON Web Token. */
  token: z.string().optional(),
  /** The `sessionId` of an earlier `session:ready`: resume that session and its media. A secret; unknown ids are ignored. */
  sessionId: z.string().max(96).optional(),
  /** The page followed `elsewhere` and did not get to the session's node: wherever it lands now, it wants a new session. */
  sought: z.boolean().optional(),
  /** The widgets' version and protocol, for a clear warning when they do not fit the relay's. */
  version: z.string().max(32).optional(),
  protocol: z.number().int().optional(),
});

/** Requests: name -> who may send it, what it takes, what a positive acknowledgement carries. */
export const requests = {
  /** Replace the session's token without dropping media. Same user and role only; changed teams take effect at once. */
  'session:refresh': {
    roles: ['commercial', 'admin'],
    params: z.strictObject({ token: z.string().max(8192) }),
    /** `iceServers`: as in `session:ready`, with TURN credentials that are good for another while. */
    result: z.strictObject({
      tokenExpiresInMs: durationMs,
      user: sessionUser,
      iceServers: z.array(iceServer),
      voiceWithoutListeners: z.boolean(),
      /** An admin: as in `session:ready`, of the new token. */
      expected: z.array(expectedPerson).optional(),
    }),
  },
  /** Negotiate the commercial's media: the page's offer (one sendonly Opus m-line), the relay's answer. Starts no stream. */
  'publish:offer': {
    roles: ['commercial'],
    params: z.strictObject({ mode: negotiation, sdp }),
    result: z.strictObject({ sdp }),
  },
  /**
   * Go live. Idempotent. The user's older stream, on another page, ends as `replaced`. Needs `publish:offer` first. `again`: not
   * a new wish, the page goes on with its stream after a loss; then another page's stream wins, and this one is `replaced`. `e2ee`: its
   * frames are sealed from end to end.
   */
  'stream:start': {
    roles: ['commercial'],
    params: z.strictObject({ again: z.boolean().optional(), e2ee: streamSeal.optional() }),
    result: z.strictObject({ streamId: z.string(), liveForMs: durationMs }),
  },
  /**
   * The page shows the listeners of this version of `demand:changed`, and of none before. Only then are those who are new to the
   * list heard. To be sent for the newest version when several came at once. Idempotent; without a stream it means nothing.
   */
  'demand:seen': {
    roles: ['commercial'],
    params: z.strictObject({ version: z.number().int().positive() }),
    result: empty,
  },
  /** End the stream and close its media. Idempotent. */
  'stream:stop': { roles: ['commercial'], params: empty, result: empty },
  /** End the user's stream on whatever other page has it, which is told `stopped`. Idempotent: without one there is nothing to end. */
  'stream:stop-elsewhere': { roles: ['commercial'], params: empty, result: empty },
  /**
   * Privacy pause: the relay stops passing the audio on until `paused: false`. Idempotent. `reason`: a person at the door minds, also in a
   * pause that runs already; of them nothing is said.
   */
  'stream:pause': {
    roles: ['commercial'],
    params: z.strictObject({ paused: z.boolean(), reason: z.literal('objection').optional() }),
    result: empty,
  },
  /**
   * The commercial has read and acknowledged the policy's text of this version. Idempotent. To be sent in each new session before
   * `stream:start`: the relay keeps it no longer than it runs.
   */
  'consent:give': {
    roles: ['commercial'],
    params: z.strictObject({ version: z.string().min(1).max(64) }),
    result: empty,
  },
  /** The page lost (or has again) what it records: shown to the listeners as `interrupted`. Idempotent. */
  'stream:capture': {
    roles: ['commercial'],
    params: z.strictObject({ interruption: z.enum(['microphone', 'hidden']).nullable() }),
    result: empty,
  },
  /**
   * The commercial's speaking level changed (computed in the page, so that it needs no media). At most 4 a second, and only while
   * somebody listens or `session:ready` says `voiceWithoutListeners`; else it is acknowledged and dropped. May be sent without an acknowledgement.
   */
  'stream:voice': { roles: ['commercial'], params: z.strictObject({ level: voiceLevel }), result: empty },
  /**
   * Ask for help, live or not, or take that back: the admins of the team see it in the row. Idempotent. `again`: the page goes on asking after
   * a loss; listeners who come back within 10 s are no answer.
   */
  'help:ask': {
    roles: ['commercial'],
    params: z.strictObject({ on: z.boolean(), again: z.boolean().optional() }),
    result: z.strictObject({ askedForMs: durationMs.nullable() }),
  },
  /**
   * Nobody looks at the page (`document.visibilityState` is `hidden`), or somebody may again. A hidden page is sent no levels, and rows
   * less often; a page that is seen again is sent at once what it missed. Every connection begins as one that is seen. Idempotent.
   */
  'roster:pace': { roles: ['admin'], params: z.strictObject({ hidden: z.boolean() }), result: empty },
  /** Negotiate the admin's one media transport: the relay's offer (one sendonly Opus m-line with a MID, no SSRC). */
  'listen:connect': {
    roles: ['admin'],
    params: z.strictObject({ mode: negotiation }),
    result: z.strictObject({ sdp }),
  },
  /** The page's answer to the offer of `listen:connect`. */
  'listen:answer': { roles: ['admin'], params: z.strictObject({ sdp }), result: empty },
  /**
   * Hear this commercial, in place of whoever is heard now, here or in another tab. A commercial who is not streaming yet
   * is waited for, and so is any other id: the answer never tells who is there in another team. The audio starts by itself. Works with or without a transport yet. Idempotent. `again`: not a new wish,
   * the page goes on with its selection after a loss; then another page's selection wins, and this one is `replaced`. `purpose`: why,
   * which the commercial is told; another one than before is another selection. `e2ee`: the page opens sealed streams; without it none is passed on.
   */
  'listen:select': {
    roles: ['admin'],
    params: z.strictObject({
      commercialId: userId,
      again: z.boolean().optional(),
      purpose: purposeId.optional(),
      e2ee: z.boolean().optional(),
    }),
    result: z.strictObject({ status: listenStatus, liveForMs: durationMs.nullable(), e2ee: streamSeal.optional() }),
  },
  /**
   * The page cannot open what comes sealed of the commercial whom it has selected, and so hears nothing; null: it can. The commercial is told. Each selection begins
   * with null. Of another commercial than is selected it means nothing. Idempotent.
   */
  'listen:opening': {
    roles: ['admin'],
    params: z.strictObject({ commercialId: userId, cannotOpen: cannotOpen.nullable() }),
    result: empty,
  },
  /** Hear nobody. The transport stays warm. Idempotent. */
  'listen:stop': { roles: ['admin'], params: empty, result: empty },
  /** Close the listening transport (nobody to hear for a while). Idempotent. */
  'listen:disconnect': { roles: ['admin'], params: empty, result: empty },
  ...whisperRequests,
} as const;

/** Notifications: name -> what it carries. */
export const notifications = {
  /** First message of every connection. */
  'session:ready': z.strictObject({
    /** Unguessable; goes into the next handshake's `auth.sessionId` to resume. */
    sessionId: z.string(),
    /** Names the session in the relay's log and traces (32 hexadecimal digits), for whoever looks into a complaint. No secret. */
    traceId: z.string(),
    /** True when an earlier session and its media were found again; false: negotiate and start anew. */
    resumed: z.boolean(),
    /** True when the session holds a media transport (only after a resume). */
    hasMedia: z.boolean(),
    relayVersion: z.string(),
    protocol: z.number().int(),
    user: sessionUser,
    tokenExpiresInMs: durationMs,
    iceServers: z.array(iceServer),
    /** How long the page goes on sending after the last listener left, in milliseconds. */
    demandLingerMs: durationMs,
    /** The page may send `stream:voice` also while nobody listens, and says so to the commercial. */
    voiceWithoutListeners: z.boolean(),
    /** An admin: whom the token's claim `expected` names of the teams that they may hear. Those whom the roster has are as it says. */
    expected: z.array(expectedPerson).optional(),
    /** In a cluster: where this session's node is, for the next connection. */
    place: nodePlace.optional(),
    /** There is a policy: `policy:changed` says what it asks. Left out: none, and what one asked before counts no more. */
    policy: z.boolean().optional(),
    /** For the page's console, once: the page's widgets do not fit this relay, and what to do. */
    warning: z.string().optional(),
  }),
  /** The session is over; the relay closes the socket right after. With `token_expired`, set a new token. */
  'session:ended': z.strictObject({ code: z.custom<ErrorCode>((v) => typeof v === 'string'), message: z.string() }),
  /** The relay is stopping on purpose: say nothing alarming, reconnect after this long. */
  'relay:draining': z.strictObject({ reconnectAfterMs: durationMs }),
  /**
   * The node is stopping, and another takes pages: open a second session there beside this one, go over to it, and let go of this one. What
   * runs here goes on for `withinMs`; after that it ends as with `relay:draining`. Told again at each resume.
   */
  'relay:move': z.strictObject({ withinMs: durationMs }),
  /** The session's media transport is gone (a worker died): negotiate anew with mode `connect`. */
  'media:lost': z.strictObject({ reason: z.enum(['worker_died', 'transport_failed']) }),
  /**
   * Commercial: who listens now, as a change of the list of version `since`, which is the one that was sent before; of the empty list when `since`
   * is null, as at start and resume. Nothing needs to be sent while nobody listens. The page answers with `demand:seen` and this
   * version once it shows the list; `version` rises by one within a session.
   */
  'demand:changed': z.strictObject({
    version: z.number().int().positive(),
    since: z.number().int().positive().nullable(),
    /** Who listens and stands not in that list, or stands there with something else about them. */
    joined: z.array(listenerInfo),
    /** Ids of those in that list who listen no more. */
    left: z.array(userId),
  }),
  /**
   * Commercial: the stream ended without this page asking. `replaced`: a newer page of the same user went live. `stopped`: another page
   * of the same user asked for it (`stream:stop-elsewhere`).
   */
  'stream:ended': z.strictObject({
    reason: z.enum([
      'replaced',
      'stopped',
      'grace_expired',
      'time_limit',
      'policy_hours',
      'policy_time',
      'consent_required',
      'e2ee_required',
      'storage_unavailable',
    ]),
  }),
  /**
   * Commercial: the same user's newest stream on another page, here or at another node; both null: there is none. A page that streams
   * itself is told of a newer one only. Every connection begins without one; sent when that changes.
   */
  'stream:elsewhere': z.strictObject({ status: streamStatus.nullable(), liveForMs: durationMs.nullable() }),
  /**
   * Commercial: whether this user asks for help, by whichever page at this relay, and why no longer. Sent when it changes (not to the page that
   * asked and is acknowledged), and after `session:ready` while it is so; at a resume also what ended it. A new session begins as one that does not ask.
   */
  'help:changed': z.strictObject({
    askedForMs: durationMs.nullable(),
    /** Set when `askedForMs` is null. `answered`: an admin began to hear; the list of listeners has them. */
    reason: helpReason.nullable(),
  }),
  /** Admin: everybody in the admin's teams; of thousands, the rest follows in deltas. Sent at connect, resume, and when the teams change. */
  'roster:snapshot': z.strictObject({ commercials: z.array(rosterEntry) }),
  /** Admin: rows that changed (whole rows), levels that changed of rows that otherwise did not, and ids that left. */
  'roster:delta': z.strictObject({
    changed: z.array(rosterEntry),
    levels: z.array(levelChange),
    removed: z.array(userId),
  }),
  /**
   * Admin: whether commercials may be missing from the roster, because this relay cannot hear of the others of its service for the moment.
   * Sent after the snapshot while that is so, and when it changes; a page takes the roster for complete from `session:ready` on.
   */
  'roster:coverage': z.strictObject({ complete: z.boolean() }),
  /** Admin: the selected commercial's state changed (also sent after a resume). */
  'listen:changed': z.strictObject({
    commercialId: userId,
    status: listenStatus,
    liveForMs: durationMs.nullable(),
    /** Left out: there is no stream, or it is not sealed. */
    e2ee: streamSeal.optional(),
  }),
  /**
   * Admin: who else hears the selected commercial and is shown on the commercial's page, as a change of what was told before of this selection over
   * this connection; at most 50 names, the row has the number of all. A new selection and a new connection begin with nobody.
   */
  'listen:others': z.strictObject({
    commercialId: userId,
    /** What was told before is past. */
    reset: z.boolean(),
    joined: z.array(listenerInfo),
    left: z.array(userId),
  }),
  /** Admin: hearing ended without this page asking. `replaced`: the same admin selected somebody in another tab. */
  'listen:ended': z.strictObject({
    commercialId: userId,
    reason: z.enum(['replaced', 'forbidden', 'e2ee_required', ...policyReason.options]),
    /** By the policy: after how long it may be asked for again; left out: not by waiting, or that is not known. */
    againInMs: durationMs.optional(),
  }),
  ...policyNotifications,
  ...whisperNotifications,
} as const;

/** The name of a request. */
export type RequestName = keyof typeof requests;
/** What a request takes. */
export type ParamsOf<N extends RequestName> = z.infer<(typeof requests)[N]['params']>;
/** What a request's positive acknowledgement carries. */
export type ResultOf<N extends RequestName> = z.infer<(typeof requests)[N]['result']>;
/** The name of a notification. */
export type NotificationName = keyof typeof notifications;
/** What a notification carries. */
export type PayloadOf<N extends NotificationName> = z.infer<(typeof notifications)[N]>;
/** An acknowledgement, positive or negative. */
export type Ack<N extends RequestName> =
  | { ok: true; data: ResultOf<N> }
  | { ok: false; error: { code: ErrorCode; message: string } };

export type HandshakeAuth = z.infer<typeof handshakeAuth>;
export type NodePlace = z.infer<typeof nodePlace>;
export type RosterEntry = z.infer<typeof rosterEntry>;
export type { CannotOpen, ListenerInfo } from './listener-info.ts';
export type IceServer = z.infer<typeof iceServer>;
export type SessionUser = z.infer<typeof sessionUser>;
export type ExpectedPerson = z.infer<typeof expectedPerson>;
export type StreamStatus = z.infer<typeof streamStatus>;
export type CommercialStatus = z.infer<typeof commercialStatus>;
export type HelpReason = z.infer<typeof helpReason>;
export type Interruption = z.infer<typeof interruption>;
export type VoiceLevel = z.infer<typeof voiceLevel>;
export type ListenStatus = z.infer<typeof listenStatus>;
