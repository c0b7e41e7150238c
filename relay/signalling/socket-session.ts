import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import type { IceConfig, LimitsConfig, SessionConfig } from '../config/shape.ts';
import type { DoorCounts } from '../doors/door-counts.ts';
import { type NodePlace, PROTOCOL_VERSION } from '../protocol/messages.ts';
import type { Session } from '../streams/session.ts';
import type { SessionRegistry } from '../streams/session-registry.ts';
import { voiceWithoutListeners } from '../streams/voice-policy.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Admission } from './handshake.ts';
import { iceServersFor } from './ice-servers.ts';
import { SocketPeer } from './socket-peer.ts';
import { findMismatch } from './version-fit.ts';

/** What every connection needs. */
export interface SocketSessionOptions {
  readonly sessions: SessionRegistry;
  readonly dispatcher: Dispatcher;
  readonly config: { readonly ice: IceConfig; readonly session: SessionConfig; readonly limits: LimitsConfig };
  readonly relayVersion: string;
  readonly logger: Logger;
  readonly doors: DoorCounts;
  /** Where this node is; null on a single relay. */
  readonly place: NodePlace | null;
  /** There is a policy. */
  readonly policy: boolean;
}

/** Ties one admitted connection to its session, new or resumed. `session:ready` is the first thing it is sent. */
export function openSocketSession(socket: Socket, admission: Admission, options: SocketSessionOptions): Session {
  const { sessions, dispatcher, config, relayVersion, logger, doors, place, policy } = options;
  const { session, resumed } = sessions.open(admission.verified, admission.resumeId, admission.trace);
  const { user, expected } = session;
  const peer = new SocketPeer(socket, logger, () => {
    doors.add('not_reading');
    session.detach(peer);
  });

  socket.onAny((name: unknown, ...args: unknown[]) => {
    // A connection that another one has replaced may have something under way still.
    if (session.peer === peer) void dispatcher.dispatch(session, name, args);
  });
  socket.on('disconnect', (reason) => {
    logger.info({ session: session.label, user: user.id, reason }, 'disconnected');
    session.detach(peer);
    socket.conn.close();
  });

  const trace = session.trace.id;
  logger.info({ session: session.label, trace, user: user.id, role: user.role, resumed }, 'connected');
  const mismatch = findMismatch(admission.page, relayVersion);
  if (mismatch) {
    logger.warn({ session: session.label, user: user.id, ...admission.page, relayVersion }, mismatch.summary);
  }
  peer.notify('session:ready', {
    sessionId: session.id,
    traceId: session.trace.id,
    resumed,
    hasMedia: session.hasMedia,
    relayVersion,
    protocol: PROTOCOL_VERSION,
    user,
    tokenExpiresInMs: session.tokenExpiresInMs,
    iceServers: iceServersFor(config.ice, user.id),
    demandLingerMs: config.session.demandLingerMs,
    voiceWithoutListeners: voiceWithoutListeners(config.session, user),
    ...(expected && expected.length > 0 && { expected }),
    ...(place && { place }),
    ...(policy && { policy }),
    ...(mismatch && { warning: mismatch.warning }),
  });
  session.attach(peer);
  return session;
}
