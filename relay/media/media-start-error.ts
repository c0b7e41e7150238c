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

/** libuv's texts, as the worker passes them on: "uv_udp_bind() failed [protocol:udp, ip:'…', port:…]: address already in use". */
const BIND_FAILED = /failed \[protocol:(udp|tcp), ip:'([^']*)', port:(\d+)\]: (.*)$/;

/** Turns what mediasoup throws when a worker or its sockets cannot be made into words that help. */
export function explainStartFailure(error: unknown): MediaStartError {
  const cause = error instanceof Error ? error : new Error(String(error));
  const [, protocol = '', ip = '', port = '', reason = ''] = BIND_FAILED.exec(cause.message) ?? [];
  if (reason === 'address already in use') {
    return new MediaStartError(
      'port_in_use',
      `Media port ${port}/${protocol} on ${ip} is already in use, perhaps by another relay on this machine. ` +
        'Stop the other program, or set another media base port (worker i uses base port + i, UDP and TCP).',
      { cause },
    );
  }
  if (protocol !== '' || /invalid IP/.test(cause.message)) {
    return new MediaStartError(
      'address_not_available',
      `Media cannot listen${ip === '' ? '' : ` on ${ip}`}: ${reason === '' ? cause.message : reason}. ` +
        'Listen on an address of this machine (0.0.0.0 for all), and announce the public one.',
      { cause },
    );
  }
  const missing = /ENOENT|EACCES/.test(cause.message);
  return new MediaStartError(
    'worker_failed',
    `The media worker could not be started: ${cause.message}.${missing ? ' Run "npm run setup", or point MEDIASOUP_WORKER_BIN to the worker.' : ''}`,
    { cause },
  );
}
