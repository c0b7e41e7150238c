/** Engine.IO protocol 4, text packets: one digit for the type, then the data. In place of engine.io-parser in the bundles. */
const TYPES = ['open', 'close', 'ping', 'pong', 'message', 'upgrade', 'noop'];

export const protocol = 4;

/** Hands the packet's text to `send`. */
export const encodePacket = ({ type, data = '' }, _supportsBinary, send) => send(TYPES.indexOf(type) + data);

/** Binary data, and types that there are none of, are errors: they end the connection. */
export const decodePacket = (text) => {
  const type = TYPES[text[0]];
  return type ? { type, data: text.slice(1) } : { type: 'error', data: 'parser error' };
};
