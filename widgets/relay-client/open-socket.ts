import type { HandshakeAuth } from '../../relay/protocol/messages.ts';
import type { RelayAddress } from '../shared/relay-url.ts';
import { RelaySocket, type RelaySocketEvents } from './relay-socket.ts';

/** To whom the events of a connection go. */
export interface SocketOwner extends RelaySocketEvents {
  isPresent(socket: RelaySocket): boolean;
  /** Tells of an event of the present connection now, or later, or never. */
  gate(tell: () => void): void;
}

/**
 * A connection that is the present one of the link, or is to become it. Events of one that was are nobody's.
 * @param early takes the events of a connection that is not the present one yet
 */
export function openSocket(
  address: RelayAddress,
  auth: HandshakeAuth,
  openMs: number,
  owner: SocketOwner,
  early?: RelaySocketEvents,
): RelaySocket {
  const pass = (tell: (events: RelaySocketEvents) => void): void => {
    if (!owner.isPresent(socket)) {
      if (early) tell(early);
      return;
    }
    owner.gate(() => {
      if (owner.isPresent(socket)) tell(owner);
    });
  };
  const socket: RelaySocket = new RelaySocket(
    address,
    auth,
    {
      onNotification: (name, payload) => pass((events) => events.onNotification(name, payload)),
      onClose: (fault, place) => pass((events) => events.onClose(fault, place)),
    },
    openMs,
  );
  return socket;
}
