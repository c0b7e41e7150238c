import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { version, workerBin } from 'mediasoup';
import { readPackageInfo } from '../package-info.ts';
import { foreignProgram } from './foreign-program.ts';

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
  return new MediaStartError('worker_failed', `The media worker could not be started: ${text}.${adviceFor(text)}`, {
    cause,
  });
}

/** The process was there for this long, and never said that it runs. */
export function workerHangs(waitedMs: number): MediaStartError {
  return new MediaStartError(
    'worker_failed',
    `The media worker ${workerBin} was started, but did not say within ${waitedMs / 1000} s that it runs, so it was ended. ` +
      `Is it a mediasoup worker of version ${version}?${getOne()}`,
  );
}

/** What to do about a program that cannot be run, from what the system says of it. */
function adviceFor(text: string): string {
  const foreign = foreignProgram(workerBin);
  if (foreign !== null || /ENOEXEC|EBADARCH/.test(text)) {
    const other = foreign === null ? 'another kind of machine' : `another kind of machine (${foreign})`;
    return ` ${workerBin} is a program for ${other} than this one (${process.platform} ${process.arch}).${getOne()}`;
  }
  if (text.includes('ENOENT')) {
    return existsSync(workerBin)
      ? ` ${workerBin} is there, but was built for another C library than this machine has (glibc or musl).${getOne()}`
      : ` There is no ${workerBin}.${getOne()}`;
  }
  if (text.includes('EACCES')) {
    return ` ${workerBin} may not be run: it needs the right to be executed (chmod +x), on a file system that is not mounted noexec.`;
  }
  if (/code:12[67]\b/.test(text)) {
    return ` ${workerBin} lacks something on this machine, such as a shared library (ldd ${workerBin} tells which).${getOne()}`;
  }
  return '';
}

/** How to get a worker that fits: in a checkout by its own set-up, with the package by mediasoup's install step. */
function getOne(): string {
  const checkout = existsSync(join(readPackageInfo().root, '..', 'tools', 'setup.mjs'));
  return checkout
    ? ' Run "npm run setup", or point MEDIASOUP_WORKER_BIN to a worker for this machine.'
    : ' Run "npm rebuild mediasoup --ignore-scripts=false --foreground-scripts" where the relay is installed (it downloads or builds the worker), or point ' +
        `MEDIASOUP_WORKER_BIN to a worker of mediasoup ${version} for this machine.`;
}
