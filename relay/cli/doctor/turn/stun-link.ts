import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { IceAddress } from './ice-url.ts';
import { decodeMessage, messageLength, type StunMessage } from './stun-message.ts';

/** How long an answer is waited for. In milliseconds. */
const TIMEOUT_MS = 4_000;
/** Over UDP a request is sent again when nothing came: first after this long, then twice as long each time (RFC 8489, 6.2.1). */
const FIRST_RETRY_MS = 500;
/** A STUN message is never longer than this, beside one that somebody else sends over TCP. In bytes. */
const MAX_MESSAGE_BYTES = 65_555;

/** A way to one STUN or TURN server, over which one request at a time is asked. */
export interface StunLink {
  /** @throws Error when no answer comes, in words */
  ask(request: Buffer): Promise<StunMessage>;
  close(): void;
}

/** @throws Error when the host has no address, refuses, or shows a certificate that does not count */
export async function openStunLink({ host, port, transport }: IceAddress): Promise<StunLink> {
  if (transport === 'udp') {
    const { address, family } = await lookup(host);
    return openUdp(address, port, family === 6 ? 'udp6' : 'udp4');
  }
  if (transport === 'dtls') throw new Error('DTLS is not spoken here');
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = transport === 'tls' ? connectTls({ host, port, ...name }) : connectTcp({ host, port });
  try {
    await once(socket, transport === 'tls' ? 'secureConnect' : 'connect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    socket.destroy();
    throw timedOut(error) ? new Error(`no connection within ${TIMEOUT_MS / 1000} s`) : error;
  }
  return overStream(socket);
}

async function openUdp(address: string, port: number, type: 'udp4' | 'udp6'): Promise<StunLink> {
  const socket = createSocket(type);
  // Connected, so that a port that nobody has is told as such (ICMP), not by silence.
  socket.connect(port, address);
  await once(socket, 'connect');
  return {
    ask: (request) => {
      const answer = answerTo(request, (take, fail) => {
        socket.on('message', take).on('error', fail);
        return () => socket.off('message', take).off('error', fail);
      });
      let pause = FIRST_RETRY_MS;
      let timer: NodeJS.Timeout | undefined;
      const send = (): void => {
        socket.send(request);
        timer = setTimeout(send, pause);
        pause *= 2;
      };
      send();
      return answer.finally(() => clearTimeout(timer));
    },
    close: () => socket.close(),
  };
}

/** Over TCP messages follow one another; each says how long it is (RFC 8489, 6.2.2). */
function overStream(socket: Socket): StunLink {
  return {
    ask: (request) => {
      const answer = answerTo(request, (take, fail) => {
        let waiting = Buffer.alloc(0);
        const onData = (data: Buffer): void => {
          waiting = Buffer.concat([waiting, data]);
          for (let length = messageLength(waiting); length !== null && length <= waiting.length; ) {
            take(waiting.subarray(0, length));
            waiting = waiting.subarray(length);
            length = messageLength(waiting);
          }
          if (waiting.length > MAX_MESSAGE_BYTES) fail(new Error('what came is no STUN'));
        };
        const onClose = (): void => fail(new Error('the connection was closed'));
        socket.on('data', onData).on('error', fail).on('close', onClose);
        return () => socket.off('data', onData).off('error', fail).off('close', onClose);
      });
      socket.write(request);
      return answer;
    },
    close: () => socket.destroy(),
  };
}

/** The message with the request's transaction id; others are not for it. */
function answerTo(
  request: Buffer,
  listen: (take: (bytes: Buffer) => void, fail: (error: Error) => void) => () => void,
): Promise<StunMessage> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      unlisten();
      end();
    };
    const unlisten = listen(
      (bytes) => {
        const message = decodeMessage(bytes);
        if (message?.transaction.equals(request.subarray(8, 20))) settle(() => resolve(message));
      },
      (error) => settle(() => reject(error)),
    );
    const timer = setTimeout(
      () => settle(() => reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s`))),
      TIMEOUT_MS,
    );
  });
}

function timedOut(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
