import { readFileSync } from 'node:fs';
import MagicString from 'magic-string';
import { visitSyntax } from './visit-syntax.mjs';

const file = (name) => readFileSync(new URL(`./lean-socket-io/${name}`, import.meta.url), 'utf8');

/** Modules that get a reduced form, by the end of their paths. */
const REPLACED = {
  '@socket.io/component-emitter/lib/esm/index.js': file('emitter.mjs'),
  'engine.io-parser/build/esm/index.js': file('engine-io-parser.mjs'),
  'socket.io-parser/build/esm/index.js': file('socket-io-parser.mjs'),
  'socket.io-client/build/esm/index.js': "export { Manager } from './manager.js';",
  // The widgets reconnect by a policy of their own.
  'socket.io-client/build/esm/contrib/backo2.js': 'export class Backoff { reset() {} }',
  'engine.io-client/build/esm/index.js': `
    export { Socket } from './socket.js';
    export { installTimerFunctions } from './util.js';
    export { nextTick } from './globals.js';`,
  'engine.io-client/build/esm/globals.js': `
    export const globalThisShim = globalThis;
    export const defaultBinaryType = 'arraybuffer';
    export const createCookieJar = () => {};
    export const nextTick = (callback) => Promise.resolve().then(callback);`,
  'engine.io-client/build/esm/transports/index.js': `
    import { WS } from './websocket.js';
    export const transports = { websocket: WS };`,
  // Of an origin alone; the host without the brackets of IPv6, which the transport adds.
  'engine.io-client/build/esm/contrib/parseuri.js': String.raw`
    export const parse = (uri) => {
      const { protocol, hostname, port } = new URL(uri);
      return { protocol: protocol.slice(0, -1), host: hostname.replace(/[[\]]/g, ''), port };
    };`,
};

/**
 * Names that the minifier may shorten: those that begin with an underscore are private by convention (Lit's have a dollar
 * sign after it), the others are the library's alone.
 */
export const PRIVATE_NAMES = new RegExp(
  `^(_[a-zA-Z]\\w*|${[
    'addTrailingSlash|clearTimeoutFn|closeOnBeforeunload|createTransport|emitReserved|maybeReconnectOnOpen',
    'notifyOutgoingListeners|perMessageDeflate|priorWebsocketSuccess|randomizationFactor|receiveBuffer|reconnectionAttempts',
    'reconnectionDelay|reconnectionDelayMax|rejectUnauthorized|rememberUpgrade|removeAllListeners|sendBuffer|setTimeoutFn',
    'setTransport|skipReconnect|supportsBinary|timestampParam|transportOptions|writeBuffer',
  ].join('|')})$`,
);

const UNUSED = '';
/** Called, but with nothing to do. */
const nothing = (...names) => Object.fromEntries(names.map((name) => [name, `${name}() {}`]));
const unused = (...names) => Object.fromEntries(names.map((name) => [name, UNUSED]));

/**
 * What is taken out of the other modules. `members`: methods that are never called, or get another body. `unset`: options and
 * properties that are never set (or only to false), so that reading them gives undefined. `constants`: variables that are known.
 */
const REDUCED = {
  'socket.io-client/build/esm/manager.js': {
    members: {
      ...unused('connect', 'disconnect', 'onreconnect'),
      ...nothing('maybeReconnectOnOpen', 'reconnect'),
      ...nothing('reconnectionAttempts', 'reconnectionDelay', 'reconnectionDelayMax', 'randomizationFactor'),
    },
    unset: [
      'opts.parser',
      'opts.autoUnref',
      'opts.reconnectionAttempts',
      'opts.reconnectionDelay',
      'opts.reconnectionDelayMax',
      'opts.randomizationFactor',
    ],
  },
  'socket.io-client/build/esm/socket.js': {
    members: {
      ...unused('send', 'compress', 'disconnected', 'volatile', 'close', 'prependAny', 'offAny', 'listenersAny'),
      ...unused('onAnyOutgoing', 'prependAnyOutgoing', 'offAnyOutgoing', 'listenersAnyOutgoing'),
      ...nothing('_addToQueue', '_drainQueue', 'notifyOutgoingListeners'),
    },
    // A session id for the library's own recovery: the relay resumes sessions itself, with a new socket.
    unset: ['_opts.retries', '_opts.ackTimeout', 'flags.compress', 'flags.volatile', 'this._pid'],
  },
  'engine.io-client/build/esm/socket.js': {
    members: {
      ...unused('send'),
      ...nothing('_probe', '_filterUpgrades'),
      // Its limit is one of long-polling.
      _getWritablePackets: '_getWritablePackets() { return this.writeBuffer; }',
    },
    unset: [
      'opts.autoUnref',
      'opts.closeOnBeforeunload',
      'opts.host',
      'opts.query',
      'parsedUri.query',
      'opts.rememberUpgrade',
      'opts.transportImplementations',
      'opts.tryAllTransports',
      'opts.upgrade',
      'opts.withCredentials',
      'this.upgrading',
    ],
  },
  'engine.io-client/build/esm/transport.js': { members: unused('pause'), unset: ['opts.forceBase64'] },
  'engine.io-client/build/esm/util.js': { unset: ['opts.useNativeTimers'] },
  'engine.io-client/build/esm/transports/websocket.js': {
    members: {
      // The rest of it picks options for Node.
      doOpen: `doOpen() {
        try {
          this.ws = this.createSocket(this.uri());
        } catch (error) {
          return this.emitReserved('error', error);
        }
        this.ws.binaryType = this.socket.binaryType;
        this.addEventListeners();
      }`,
      createSocket: 'createSocket(uri) { return new WebSocketCtor(uri); }',
    },
    unset: ['opts.autoUnref', 'opts.timestampRequests'],
    constants: { isReactNative: 'false' },
  },
};

const endingOf = (table, id) => {
  const path = id.replaceAll('\\', '/');
  return Object.keys(table).find((end) => path.endsWith(`/node_modules/${end}`));
};

/**
 * A Rollup plugin for the bundles: socket.io-client less what the widgets never use. A bundler cannot find that out by
 * itself, because transports, codecs and options hang on classes. The widgets speak WebSocket alone, in text, in the main
 * namespace, and reconnect by themselves; long-polling, WebTransport, upgrades, binary packets, back-off, queues and parsers for
 * URLs are left out. Manager, Socket, Engine.IO's Socket and its WebSocket transport stay the library's. Saves half of it. Who
 * installs the widgets as a package gets the library as it is.
 *
 * Whatever of this is not found in the library fails the build: then its inside has changed, and this file must follow.
 * @returns {import('rollup').Plugin}
 */
export function leanSocketIo() {
  const met = new Set();
  return {
    name: 'lean-socket-io',
    load(id) {
      const name = endingOf(REPLACED, id);
      met.add(name);
      return name ? REPLACED[name] : null;
    },
    transform(code, id) {
      const name = endingOf(REDUCED, id);
      if (!name) return null;
      met.add(name);
      const text = new MagicString(code);
      const missing = reduce(text, this.parse(code), REDUCED[name]);
      if (missing.length > 0) this.error(`${name} has no ${missing.join(', ')} any more; see lean-socket-io.mjs`);
      return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
    },
    buildEnd(error) {
      const missing = [...Object.keys(REPLACED), ...Object.keys(REDUCED)].filter((name) => !met.has(name));
      if (!error && missing.length > 0) {
        this.error(`not part of socket.io-client any more: ${missing.join(', ')}; see lean-socket-io.mjs`);
      }
    },
  };
}

/** Takes the parts out. @returns {string[]} those that were not there */
function reduce(text, tree, { members = {}, unset = [], constants = {} }) {
  const missing = new Set([...Object.keys(members), ...unset, ...Object.keys(constants)]);
  const put = ({ start, end }, name, source) => {
    if (source === '') text.remove(start, end);
    else text.overwrite(start, end, source);
    missing.delete(name);
    return false;
  };
  const visit = (node) => {
    if (node.type === 'MethodDefinition' && Object.hasOwn(members, node.key.name)) {
      return put(node, node.key.name, members[node.key.name]);
    }
    if (node.type === 'VariableDeclarator' && Object.hasOwn(constants, node.id.name)) {
      return put(node.init, node.id.name, constants[node.id.name]);
    }
    if (node.type === 'AssignmentExpression' && pathOf(node.left)) {
      visitSyntax(node.right, visit);
      return false;
    }
    const path = pathOf(node);
    return unset.includes(path) ? put(node, path, 'undefined') : true;
  };
  visitSyntax(tree, visit);
  return [...missing];
}

/** The last two names of `opts.name`, `this.opts.name`, `this.name`: "opts.name" or "this.name". */
function pathOf({ type, object, property, computed }) {
  if (type !== 'MemberExpression' || computed) return '';
  return `${object.type === 'ThisExpression' ? 'this' : (object.name ?? object.property?.name)}.${property.name}`;
}
