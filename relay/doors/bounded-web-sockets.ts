import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { TokenBucket } from './token-bucket.ts';

/** What one WebSocket connection may bring in, whatever its frames are, before its page has authenticated and after. */
export interface FrameLimits {
  /** In the long run; twice as much at once. */
  readonly bytesPerSecond: number;
  /** Frames that say something (text, binary, ping, pong), in the long run; twice as many at once. */
  readonly framesPerSecond: number;
}

/** How long a page may take for the closing handshake (RFC 6455, 7.1.1), in milliseconds. */
const CLOSE_TIMEOUT_MS = 2_000;

/** What ws is told to refuse by itself. */
const BOUNDS = {
  /** Pongs are made here, one at a time. */
  autoPong: false,
  /** A message in more fragments than this; the largest needs a handful. */
  maxFragments: 64,
  /** A frame that arrives in more pieces than this; the largest fills about fifty packets. */
  maxBufferedChunks: 1024,
  closeTimeout: CLOSE_TIMEOUT_MS,
};

/** RFC 6455, 7.4.1: the peer broke a rule of this relay. */
const POLICY_VIOLATION = 1008;

/**
 * The limits that go with a rate of requests and a size of messages: the bytes of a session description (16 KiB) with every request,
 * at least four of the largest messages; and ten frames for each request, since acknowledgements and heartbeats are frames too.
 */
export function frameLimitsFor(limits: { messagesPerSecond: number; maxMessageBytes: number }): FrameLimits {
  return {
    bytesPerSecond: Math.max(limits.messagesPerSecond * 16_384, limits.maxMessageBytes * 4),
    framesPerSecond: limits.messagesPerSecond * 10 + 100,
  };
}

/**
 * The `wsEngine` for Engine.IO: ws itself, whose connections are ended with code 1008 and the reason `rate_limited` when more comes in than `limits`
 * allow, and which never hold more than one pong that waits. By itself ws answers every ping and queues the pongs without
 * bound for a peer that does not read.
 * @param onFlood called once for a connection that is ended
 */
export function boundedWebSockets(
  limits: FrameLimits,
  onFlood: () => void,
): new (
  options: ServerOptions,
) => WebSocketServer {
  return class extends WebSocketServer {
    constructor(options: ServerOptions) {
      super({ ...options, ...BOUNDS });
    }

    override handleUpgrade(
      request: IncomingMessage,
      socket: Duplex,
      head: Buffer,
      callback: (client: WebSocket, request: IncomingMessage) => void,
    ): void {
      super.handleUpgrade(request, socket, head, (webSocket) => {
        boundFlow(webSocket, socket, limits, onFlood);
        answerPings(webSocket);
        callback(webSocket, request);
      });
    }
  };
}

function boundFlow(webSocket: WebSocket, socket: Duplex, limits: FrameLimits, onFlood: () => void): void {
  const bytes = new TokenBucket(limits.bytesPerSecond);
  const frames = new TokenBucket(limits.framesPerSecond);
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    onFlood();
    // Nothing of what is still in the pipe is looked at; the reason goes out if the page reads, and no longer than that.
    for (const event of ['message', 'ping', 'pong']) webSocket.removeAllListeners(event);
    webSocket.pause();
    webSocket.close(POLICY_VIOLATION, 'rate_limited');
    setTimeout(() => webSocket.terminate(), CLOSE_TIMEOUT_MS).unref();
  };
  // Before ws parses them, so that one chunk of tiny frames is counted too.
  socket.prependListener('data', (chunk: Buffer) => {
    if (!bytes.take(chunk.length)) end();
  });
  const count = (): void => {
    if (!frames.take()) end();
  };
  for (const event of ['message', 'ping', 'pong']) webSocket.on(event, count);
}

/** RFC 6455, 5.5.3: when several pings wait for their pong, only the most recent one needs an answer. */
function answerPings(webSocket: WebSocket): void {
  let answering = false;
  let waiting: Buffer | null = null;
  const answer = (data: Buffer): void => {
    answering = true;
    webSocket.pong(data, false, () => {
      answering = false;
      const next = waiting;
      waiting = null;
      if (next !== null && webSocket.readyState === webSocket.OPEN) answer(next);
    });
  };
  webSocket.on('ping', (data: Buffer) => {
    if (webSocket.readyState !== webSocket.OPEN) return;
    if (answering) waiting = data;
    else answer(data);
  });
}
