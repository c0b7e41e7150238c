import type { RelayConfig } from '../config/shape.ts';
import { RelayError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { IceServer, NodePlace } from '../protocol/messages.ts';
import { iceServersFor } from '../signalling/ice-servers.ts';
import type { StreamRegistry } from '../streams/stream-registry.ts';
import type { TimerSet } from '../streams/timers.ts';
import { iceLinks } from './ice-links.ts';
import { WishError } from './problems.ts';
import type { WishBook } from './wish-book.ts';

/** What WHIP and WHEP need of the relay. */
export interface WishOptions {
  readonly config: Pick<RelayConfig, 'ice' | 'limits' | 'session'>;
  readonly logger: Logger;
  readonly timers: TimerSet;
  readonly book: WishBook;
  /** Null while the relay is starting. */
  readonly streams: () => StreamRegistry | null;
  /** Nobody new is let in. */
  readonly draining: () => boolean;
  /** Where this node is; null on a relay that runs alone. */
  readonly place: NodePlace | null;
}

/** What a new session is told with, beside the description. */
export interface Opened {
  readonly status: 201 | 406;
  readonly sdp: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

/** The streams, while somebody new may come. @throws RelayError draining; WishError starting */
export function openStreams({ streams, draining }: WishOptions): StreamRegistry {
  if (draining()) throw new RelayError('draining', 'The relay is stopping. Connect again in a few seconds.');
  const found = streams();
  if (!found) throw new WishError('starting', 'The relay is starting. Try again in a second.', 1);
  return found;
}

/** At most so many of one user, as connections of pages. @throws RelayError rate_limited */
export function checkRoom({ config, book }: WishOptions, userId: string): void {
  if (book.of(userId).length < config.limits.connectionsPerUser) return;
  throw new RelayError('rate_limited', 'This user has too many devices or players. Stop one.');
}

/** The headers of a new session. @param path of the sessions, as `/whip` */
export function sessionHeaders(
  { config, place }: WishOptions,
  path: string,
  session: { readonly id: string; readonly etag: string },
  userId: string,
  accepts: readonly string[],
): Opened['headers'] {
  const servers: IceServer[] = iceServersFor(config.ice, userId);
  const links = iceLinks(servers);
  return {
    Location: `${place?.url ?? ''}${place?.path ?? ''}${path}/${session.id}`,
    ETag: session.etag,
    'Accept-Patch': accepts.join(', '),
    ...(links.length > 0 && { Link: links }),
  };
}
