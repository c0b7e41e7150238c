/**
 * What nodes say to each other: every kind of message as a zod schema, from which its type is inferred. BUS.md says the same in
 * prose, and a test keeps both equal. A kind with a `result` is a request with an answer; one without is a notice.
 */
import { z } from 'zod';

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
