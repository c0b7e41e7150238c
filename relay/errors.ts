import type { ErrorCode } from './protocol/error-codes.ts';

/** An error whose code and text may be shown to the peer. Every other error reaches a peer as `internal`, without its text. */
export class RelayError extends Error {
  override readonly name = 'RelayError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
