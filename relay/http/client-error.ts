import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '../logger.ts';

/** How often the log tells of heads that are too large. In milliseconds. */
const TELL_EVERY_MS = 60_000;

/** Answers requests that Node's parser refused before any handler saw them, in words; without them a host finds a bare status. */
export function answerClientErrors(server: Server, headerBytes: number, logger: Logger): void {
  let toldAt = Number.NEGATIVE_INFINITY;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Before TLS is agreed, and after a reset, there is nobody to answer; what a handler began cannot be answered a second time.
    const aboutHttp = error.code?.startsWith('HPE_') || error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (!aboutHttp || !socket.writable || ('bytesWritten' in socket && socket.bytesWritten !== 0)) {
      socket.destroy();
      return;
    }
    if (error.code !== 'HPE_HEADER_OVERFLOW') {
      const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
      socket.end(
        late
          ? answer('408 Request Timeout', 'timeout', 'The request came too slowly.')
          : answer('400 Bad Request', 'bad_request', 'This is no HTTP request.'),
      );
      return;
    }
    const message =
      `The request's head is larger than ${headerBytes} bytes. Nearly always that is cookies of the page's host name: the relay ` +
      'reads none. Delete some, or give the relay a host name of its own.';
    socket.end(answer('431 Request Header Fields Too Large', 'header_too_large', message));
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    logger.warn({ limitBytes: headerBytes }, message);
  });
}

function answer(status: string, code: string, message: string): string {
  const body = JSON.stringify({ error: { code, message } });
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nConnection: close\r\n`;
  return `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
