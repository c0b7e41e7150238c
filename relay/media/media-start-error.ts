/** Why the media side could not start. */
export type MediaStartFailure = 'port_in_use' | 'address_not_available' | 'worker_failed';

/** The media side cannot start. The message says what to do; `main` prints it and exits with code 1. */
export class MediaStartError extends Error {
  override readonly name = 'MediaStartError';
  readonly failure: MediaStartFailure;

  constructor(failure: MediaStartFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

/** How the worker names the socket in its error texts: "uv_udp_bind() failed [protocol:udp, ip:'…', port:…]: address already in use". */
const SOCKET = /\[protocol:(udp|tcp), ip:'([^']*)', port:(\d+)/;

/** Turns what mediasoup throws when a worker or its sockets cannot be made into words that help. */
export function explainStartFailure(error: unknown): MediaStartError {
  const cause = error instanceof Error ? error : new Error(String(error));
  const text = cause.message;
  const [, protocol = '', ip = '', port = ''] = SOCKET.exec(text) ?? [];
  if (text.includes('address already in use')) {
    return new MediaStartError(
      'port_in_use',
      `Media port ${port}/${protocol} on ${ip} is already in use, perhaps by another relay on this machine. ` +
        'Stop the other program, or set another media base port (worker i uses base port + i, UDP and TCP).',
      { cause },
    );
  }
  if (text.includes('address not available') || text.includes('invalid IP')) {
    return new MediaStartError(
      'address_not_available',
      `Media cannot listen${ip === '' ? '' : ` on ${ip}`}: ${ip === '' ? text : 'this machine has no such address'}. ` +
        'Listen on an address of this machine (0.0.0.0 for all), and announce the public one.',
      { cause },
    );
  }
  const advice = /ENOENT|EACCES/.test(text) ? ' Run "npm run setup", or point MEDIASOUP_WORKER_BIN to the worker.' : '';
  return new MediaStartError('worker_failed', `The media worker could not be started: ${text}.${advice}`, { cause });
}
