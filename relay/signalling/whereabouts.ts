import type { IncomingMessage } from 'node:http';
import type { NodePlace } from '../protocol/messages.ts';

/** What signalling needs to know of a cluster. A single relay has none. */
export interface Whereabouts {
  /** This node's id (`[a-z0-9-]{1,32}`) and place. */
  readonly self: { readonly id: string; readonly place: NodePlace };
  /** Where another node is, when it lives and takes pages; null for this one, for one that stops, and for one that nobody knows. */
  placeOf(nodeId: string): NodePlace | null;
}

/** Paths of a node: `/n/NODE/socket.io/…`, and those of its sessions of WHIP and WHEP. */
const NODE_PATH = /^\/n\/([a-z0-9-]{1,32})(\/(?:socket\.io|whip|whep)\/.*)$/s;
/** As of `Session.id`. */
const SESSION_ID = /^([a-z0-9-]{1,32})\.[\w-]{32}$/;

/** The place of a node. @param url its own public URL (`NODE_URL`), or null */
export function placeOfNode(nodeId: string, url: string | null): NodePlace {
  const path = `/n/${nodeId}`;
  if (url === null) return { path };
  const { origin, pathname } = new URL(url);
  return { path: pathname.replace(/\/+$/, '') + path, url: origin };
}

/** The node whose session this id names, or null. */
export function nodeOfSession(sessionId: string): string | null {
  return SESSION_ID.exec(sessionId)?.[1] ?? null;
}

/** Takes requests to a node's path as those to the path without it, and remembers which node they were for. */
export class NodePaths {
  readonly #asked = new WeakMap<IncomingMessage, string>();

  /** To be called with each request before anybody else reads its URL. */
  readonly take = (request: IncomingMessage): void => {
    const [, node, rest] = NODE_PATH.exec(request.url ?? '') ?? [];
    if (node === undefined || rest === undefined) return;
    this.#asked.set(request, node);
    request.url = rest;
  };

  /** The node whose path the request was for, or null. */
  nodeAsked(request: IncomingMessage): string | null {
    return this.#asked.get(request) ?? null;
  }
}
