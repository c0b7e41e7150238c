/**
 * Socket.IO protocol 5, text packets of the main namespace: type, acknowledgement number, JSON. In place of
 * socket.io-parser in the bundles. Whatever is no such packet throws, and the Manager ends the connection ("parse error").
 */
import { Emitter } from '@socket.io/component-emitter';

export const protocol = 5;

export const PacketType = { CONNECT: 0, DISCONNECT: 1, EVENT: 2, ACK: 3, CONNECT_ERROR: 4 };

/** Names of the client's own events: no server may send them. */
const RESERVED = /^(connect|connect_error|disconnect|disconnecting|newListener|removeListener)$/;

/** Packets to text. */
export class Encoder {
  encode({ type, id = '', data }) {
    return [`${type}${id}${data ? JSON.stringify(data) : ''}`];
  }
}

/** Text to packets. */
export class Decoder extends Emitter {
  add(text) {
    const [, type, id, json] = /^([0-4])(\d*)(.*)$/s.exec(text);
    const data = json && JSON.parse(json);
    const list = Array.isArray(data);
    const fits = {
      0: data && !list,
      1: !json,
      2: list && typeof data[0] === 'string' && !RESERVED.test(data[0]),
      3: list,
      4: data && !list,
    };
    if (!fits[type]) throw new Error('invalid payload');
    this.emitReserved('decoded', { type: +type, nsp: '/', id: id ? +id : undefined, data });
  }

  destroy() {}
}
