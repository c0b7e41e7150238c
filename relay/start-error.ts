import { MediaStartError, type MediaStartFailure } from './media/media-start-error.ts';

/** The relay cannot start, for a reason that a person can mend. The message is complete; a stack adds nothing. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/**
 * Why a TCP port could not be listened on, in words, with the variable to change. Any other failure is given back as it is.
 * @param hostVariable the variable that holds the address
 */
export function explainListenFailure(
  error: unknown,
  variable: string,
  host: string,
  port: number,
  hostVariable = 'HOST',
): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const cause = { cause: error };
  if (code === 'EADDRINUSE') {
    return new StartError(
      `Port ${port} (${variable}) is in use by another process, perhaps another relay. Stop that one, or set ${variable} to a free port.`,
      cause,
    );
  }
  if (code === 'EACCES') {
    return new StartError(
      `Port ${port} (${variable}) needs more rights than this process has. Use one above 1023.`,
      cause,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
    return new StartError(`${host} (${hostVariable}) is not an address of this machine. Use 0.0.0.0 for all.`, cause);
  }
  return error;
}

/** Which variables to look at, for each way in which media cannot start. */
const MEDIA_HINT: Readonly<Record<MediaStartFailure, string>> = {
  port_in_use: ' Variable: MEDIA_PORT.',
  address_not_available: ' Variables: MEDIA_LISTEN_IPS and ANNOUNCED_ADDRESS.',
  worker_failed: '',
};

/** The media side knows no environment variables; here they are added to what it says. */
export function explainMediaFailure(error: unknown): unknown {
  if (!(error instanceof MediaStartError)) return error;
  return new StartError(`${error.message}${MEDIA_HINT[error.failure]}`, { cause: error });
}
