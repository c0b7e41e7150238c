/**
 * What nodes say to each other: every kind of message as a zod schema, from which its type is inferred. BUS.md says the same in
 * prose, and a test keeps both equal. A kind with a `result` is a request with an answer; one without is a notice.
 */
import { z } from 'zod';
import { cannotOpen, listenerInfo } from '../protocol/listener-info.ts';
import { userId } from '../protocol/message-parts.ts';
import { notifications, voiceLevel } from '../protocol/messages.ts';
import { policyReason } from '../protocol/policy-shapes.ts';
import { streamSeal } from '../protocol/stream-seal.ts';
import { MAX_CUE_LENGTH, whisperEnd } from '../protocol/whisper-messages.ts';
import { commercialRow, equipeName, ownStream, streamRow, uuid } from './bus-rows.ts';

/**
 * Raised when a change would be misread by a node that speaks the older version. Nodes of another version see each other (`hello`,
 * `bye` and `meet` stay as they are, and unknown fields of them are ignored), but share no commercials.
 */
export const BUS_PROTOCOL = 1;

/** A node's name: in session ids, paths and Redis keys. */
export const nodeId = z.string().regex(/^[a-z0-9-]{1,32}$/);

/** The start time of a node in milliseconds since 1970, greater at each of its restarts. */
const epoch = z.number().int().positive();

const count = z.number().int().nonnegative();

/** One life of a node: a restart makes another one of it. */
export const nodeRef = z.strictObject({ id: nodeId, epoch });

/** What a node says of itself. */
export const nodeInfo = z.object({
  /** The relay's version. */
  version: z.string().max(64),
  /** `BUS_PROTOCOL` of that node. */
  busProtocol: z.number().int(),
  /** IP address at which other nodes reach its pipes. */
  pipeAddress: z.union([z.ipv4(), z.ipv6()]),
  /** Public URL of this node alone; null: only the common one, with the path `/n/<id>/`. */
  url: z.string().max(2048).nullable(),
  /** True: it is stopping, and takes nobody new. */
  draining: z.boolean(),
  /** Streams whose home it is. */
  streams: count,
  /** Admins who listen there. */
  listeners: count,
  /** How busy it is: 0 idle, 1 full. */
  load: z.number().min(0).max(1),
});

/** An admin who has selected a commercial, as their node read it from the token. */
const wishingAdmin = z.strictObject({
  id: userId,
  name: z.string().max(200),
  equipes: z.array(equipeName).max(1_000),
  /** Why they listen, where the policy asks. Left out where it does not: nodes of before do not know it. */
  purpose: z.string().min(1).max(32).optional(),
  /** Why their page opens nothing of what is sealed. Left out while it does: nodes of before do not know it. */
  cannotOpen: cannotOpen.optional(),
});

/** What a commercial lets be whispered to them, and who speaks to them now. */
const whisperState = notifications['whisper:changed'].omit({ commercialId: true, overheard: true });

/** What the policy of a commercial's home says of one admin of the addressed node. */
const verdict = z.strictObject({
  commercialId: userId,
  adminId: userId,
  /** The selection is not allowed (any more). Null: it goes on. */
  refused: policyReason.nullable(),
  /** For the admin's page: as the notifications `policy:warning` and `policy:time`. */
  warning: notifications['policy:warning'].nullable(),
  time: notifications['policy:time'].nullable(),
  /** What may be whispered to the commercial, and who does. Left out while nothing changes, and where nobody may: nodes of before do not know it. */
  whispers: whisperState.optional(),
});

/** Admins of one node who want to hear one commercial: who came, and who is there no more. */
const wish = z.strictObject({
  commercialId: userId,
  add: z.array(wishingAdmin).max(10_000),
  remove: z.array(userId).max(10_000),
});

/** Who of the addressed node may hear a stream now, and from where. */
const grant = z.strictObject({
  commercialId: userId,
  stream: uuid,
  /** The commercial has paused; rows say so too, a little later. */
  paused: z.boolean(),
  /** Null: nothing may be heard just now (a pause, the microphone is lost). */
  source: z
    .strictObject({
      id: z.string().min(1).max(64),
      router: z.string().min(1).max(64),
      /** Another number than before: what was passed on before has been taken back meanwhile, and must be asked for anew. */
      opening: count,
    })
    .nullable(),
  /** Nobody but those in `add`. */
  reset: z.boolean(),
  /** Admins whom the commercial's page shows. */
  add: z.array(userId).max(10_000),
  /** Of those: the purpose that it shows, where there is one. */
  purposes: z
    .array(z.tuple([userId, z.string().min(1).max(32)]))
    .max(10_000)
    .optional(),
  remove: z.array(userId).max(10_000),
});

const pipeEnd = z.strictObject({
  ip: z.union([z.ipv4(), z.ipv6()]),
  port: z.number().int().min(1).max(65_535),
  srtp: z.strictObject({ cryptoSuite: z.string().max(64), keyBase64: z.string().max(128) }),
});

const claimKind = z.enum(['stream', 'listen']);

/** Names of one commercial's listeners in a `snapshot`: so many fit into a message. */
export const MAX_NAMES = 1_000;

/** How long one commercial was heard on one day, as one node has counted it. */
const tally = z.strictObject({
  commercialId: userId,
  day: z.iso.date(),
  heardMs: count,
  /** Admin's id, and by this admin. */
  pairs: z.array(z.tuple([userId, count])).max(1_000),
  /** Which node has counted it. Left out: the one that says so. */
  node: z.string().min(1).max(64).optional(),
});

/** What has a name of its own in BUS.md. */
export const shapes = {
  NodeInfo: nodeInfo,
  CommercialRow: commercialRow,
  StreamRow: streamRow,
  OwnStream: ownStream,
  Admin: wishingAdmin,
  Wish: wish,
  Tally: tally,
  PipeEnd: pipeEnd,
};

/** Kinds: name -> what it carries, and, for a request, what the answer carries. */
export const kinds = {
  /** Each second, on the topic `nodes`: I am here. Of a life that was not met it is a hint only. */
  hello: { body: nodeInfo },
  /** On the topic `nodes`: I am closing. */
  bye: { body: z.object({}) },
  /** Are you there, now? The answer is bound to the asker's life, so that no recorded message can stand in for a dead node. */
  meet: { body: nodeInfo, result: nodeInfo },
  /** After messages may have been lost, in the same place: the number of this one shows what is missing. Handled by the bus. */
  beat: { body: z.strictObject({}) },
  /** On a team's topic: commercials of whom something changed, those who are not of the team any more, and changed levels alone. */
  rows: {
    body: z.strictObject({
      changed: z.array(commercialRow).max(5_000),
      /** `equipe`: their team by now, whose topic tells the rest; null: nothing is known of them any more. */
      gone: z
        .array(z.strictObject({ id: userId, version: z.number().int().positive(), equipe: equipeName.nullable() }))
        .max(5_000),
      levels: z.array(z.tuple([userId, voiceLevel])).max(5_000),
    }),
  },
  /**
   * Everybody of these teams, in pages: those whose id comes after `after`. `asOf`: what is newer comes, or came, in `rows`. With
   * `names`, also who listens to those of the page, at most `MAX_NAMES` of each; without, nobody.
   */
  snapshot: {
    body: z.strictObject({
      equipes: z.array(equipeName).min(1).max(1_000),
      after: userId.nullable(),
      names: z.boolean(),
    }),
    result: z.strictObject({
      asOf: count,
      rows: z.array(commercialRow).max(1_000),
      listeners: z.array(z.strictObject({ id: userId, infos: z.array(listenerInfo).max(MAX_NAMES) })).max(1_000),
      more: z.boolean(),
    }),
  },
  /** To a node that told of the commercial. */
  wish: { body: wish },
  /** All wishes at once; what was wished before is past. */
  wishes: { body: z.strictObject({ all: z.array(wish).max(10_000) }) },
  /** From a commercial's home to a node with listeners: the page has acknowledged them, or shows them no more. */
  grant: { body: grant },
  /** From a commercial's home to a node with a listener: what the policy says of them. */
  verdict: { body: verdict },
  /**
   * From a commercial's home to a node with listeners: who hears the stream, of all nodes, as the commercial's page shows; a change of what was
   * said before of this stream. At most 50.
   */
  audience: {
    body: z.strictObject({
      commercialId: userId,
      stream: uuid,
      reset: z.boolean(),
      joined: z.array(listenerInfo.omit({ purpose: true, cannotOpen: true })).max(MAX_NAMES),
      left: z.array(userId).max(MAX_NAMES),
    }),
  },
  /**
   * On the topic `nodes` when it has changed, every five seconds while somebody is heard, and each minute; to a node when it comes: what was
   * counted for the policy, as sums that only grow, and what was acknowledged.
   */
  counts: {
    body: z.strictObject({
      tallies: z.array(tally).max(1_000),
      /** What is remembered of the addressed node's lives before. Null: it was never met before, or this is said in another message. */
      yours: z.array(tally).max(5_000).nullable(),
      /** Commercial's id, and the version of the policy's text. */
      consents: z.array(z.tuple([userId, z.string().min(1).max(64)])).max(1_000),
    }),
  },
  /** Messages got lost: the other node is asked for all its wishes and grants anew. */
  resync: { body: z.strictObject({}) },
  /** From a node with listeners to the home: pass the source on over this link. Refused unless the grant stands. */
  'pipe-open': {
    body: z.strictObject({ stream: uuid, link: uuid, sourceId: z.string().min(1).max(64), end: pipeEnd }),
    /** `rtpParameters`: mediasoup's; read strictly by the media side. */
    result: z.strictObject({ end: pipeEnd, rtpParameters: z.unknown() }),
  },
  /** The copy is needed no more. */
  'pipe-release': { body: z.strictObject({ link: uuid, sourceId: z.string().min(1).max(64) }) },
  /**
   * From the node of an admin who hears a commercial to the home: their microphone is to be heard in the commercial's ear. Answered when the commercial's page
   * shows who speaks. Refused with the codes of `whisper:begin`.
   */
  'whisper-begin': {
    body: z.strictObject({
      commercialId: userId,
      adminId: userId,
      source: z.strictObject({ id: z.string().min(1).max(64), router: z.string().min(1).max(64) }),
      /** Set when it is sealed from end to end. Left out of others: nodes of before do not know it, and whisper to no sealed stream. */
      e2ee: streamSeal.optional(),
    }),
    result: z.strictObject({ whisper: uuid }),
  },
  /** The same for a text. */
  'whisper-cue': {
    body: z.strictObject({ commercialId: userId, adminId: userId, text: z.string().min(1).max(MAX_CUE_LENGTH) }),
    result: z.strictObject({}),
  },
  /** From the home to the admin's node: pass the microphone on over this link. Refused unless it whispers there. */
  'whisper-pipe': {
    body: z.strictObject({ link: uuid, sourceId: z.string().min(1).max(64), end: pipeEnd }),
    result: z.strictObject({ end: pipeEnd, rtpParameters: z.unknown() }),
  },
  /** Either way: it is over. */
  'whisper-end': { body: z.strictObject({ whisper: uuid, reason: whisperEnd }) },
  /** A newer claim of the user exists: what the addressed node has of an older number ends as `replaced`. */
  overtaken: {
    body: z.strictObject({
      kind: claimKind,
      userId,
      order: count,
      /** It is of a device or player, and not of a page. Left out where it is not: nodes of before do not know it. */
      device: z.boolean().optional(),
    }),
  },
  /**
   * The user's page goes on here, under a newer number, with what the addressed node has of an older one: that node carries it for a moment
   * more, and counts it no longer. `overtaken` follows.
   */
  'goes-over': { body: z.strictObject({ kind: claimKind, userId, order: count }) },
  /** Does that session still hold the claim there? Asked before a page that only goes on, a device or a player gives way to it. */
  holds: {
    body: z.strictObject({ kind: claimKind, userId, order: count }),
    result: z.strictObject({
      holds: z.boolean(),
      /** It is of a device or player, which gives way to another. Left out where it is not: nodes of before do not know it. */
      device: z.boolean().optional(),
    }),
  },
  /** On the topic `nodes`: streams that began, changed or ended, for pages of the same users elsewhere. To one node: what it asked for. */
  'own-streams': { body: z.strictObject({ changed: z.array(ownStream).max(5_000) }) },
  /**
   * Pages of these users are here: who has a stream of theirs? On the topic `nodes`, answered by those that have; to one node with
   * `all`, which answers for every one of them, because something it said may have got lost.
   */
  'whose-streams': { body: z.strictObject({ userIds: z.array(userId).max(5_000), all: z.boolean() }) },
  /** A page of the same user wants the stream to end. Answered when it has; one that is not there has ended already. */
  'stop-stream': { body: z.strictObject({ userId, stream: uuid }), result: z.strictObject({}) },
  /**
   * On the topic `nodes`: a page of the commercial has stopped their device, or taken over from it, at the sender. Encoders connect again by
   * themselves, to any node: it is kept out everywhere.
   */
  'device-stopped': {
    body: z.strictObject({
      userId,
      /** SHA-256 of what the device showed as its token, in base64url: names it, without being it. */
      token: z.string().min(1).max(64),
    }),
  },
  /** How long has the stream of that session, which a page has left for the asker, been live? Null: there is none. */
  'live-for': {
    body: z.strictObject({ userId, session: z.string().min(1).max(64) }),
    result: z.strictObject({ liveForMs: count.nullable() }),
  },
} as const satisfies Record<string, { readonly body: z.ZodType; readonly result?: z.ZodType }>;

type Kinds = typeof kinds;

/** The name of a kind. */
export type Kind = keyof Kinds;
/** Kinds that are answered. */
export type RequestKind = { [K in Kind]: Kinds[K] extends { readonly result: z.ZodType } ? K : never }[Kind];
/** Kinds that are not answered. */
export type NoticeKind = Exclude<Kind, RequestKind>;
/** What a kind carries. */
export type BodyOf<K extends Kind> = z.infer<Kinds[K]['body']>;
/** What the answer to a request carries. */
export type ResultOf<K extends RequestKind> = Kinds[K] extends { readonly result: infer R extends z.ZodType }
  ? z.infer<R>
  : never;

export type WishBody = z.infer<typeof wish>;
export type CountsBody = BodyOf<'counts'>;
export type VerdictBody = z.infer<typeof verdict>;
export type GrantBody = z.infer<typeof grant>;

export type NodeInfo = z.infer<typeof nodeInfo>;
export type NodeRef = Readonly<z.infer<typeof nodeRef>>;

/** The topic that every node follows. */
export const NODES_TOPIC = 'nodes';

/** In place of a topic: the message was for this node alone. */
export const DIRECT = 'direct';

/** The topic of what concerns one team. The bus puts a keyed hash in its place, so that Redis does not see the name. */
export function teamTopic(team: string): string {
  return `team:${team}`;
}
