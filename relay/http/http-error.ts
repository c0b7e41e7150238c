import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { RefusalLog } from '../doors/refusal-log.ts';
import { RelayError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';

/** Codes that exist over HTTP only, beside those of the protocol. */
export type HttpErrorCode = ErrorCode | 'not_found' | 'method_not_allowed' | 'starting';

/** An error whose code and text may be sent, with its HTTP status. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: HttpErrorCode;

  constructor(status: number, code: HttpErrorCode, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  token_keys_unavailable: 503,
  media_unavailable: 503,
  draining: 503,
  capacity: 503,
  rate_limited: 429,
  forbidden: 403,
  origin_not_allowed: 403,
  bad_request: 400,
};

function statusOf(code: ErrorCode): number {
  return STATUS[code] ?? (code.startsWith('token_') ? 401 : 500);
}

/** Every error of the HTTP side has this body. */
function sendError(res: Response, status: number, code: HttpErrorCode, message: string): void {
  // RFC 9110, 11.6.1: a 401 says how to authenticate; the error word is RFC 6750, 3.1.
  if (status === 401) res.set('WWW-Authenticate', code === 'token_missing' ? 'Bearer' : 'Bearer error="invalid_token"');
  res.set('Cache-Control', 'no-store');
  res.status(status).json({ error: { code, message } });
}

/** Answers whatever no route took. */
export const notFound: RequestHandler = (req, res) => {
  sendError(res, 404, 'not_found', `There is nothing at ${req.path.slice(0, 200)}.`);
};

/** Turns what a handler threw into an answer. Unknown errors are logged, and their text is not sent. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  const refusals = new RefusalLog(logger);
  return (error: unknown, req, res, next) => {
    // Too late for another answer: Express ends the connection.
    if (res.headersSent) return next(error);
    const known = error instanceof HttpError || error instanceof RelayError;
    if (known && (error.code === 'origin_not_allowed' || error.code.startsWith('token_'))) {
      refusals.add({ code: error.code, reason: error.message, origin: req.headers.origin }, 'request refused');
    }
    if (error instanceof HttpError) return sendError(res, error.status, error.code, error.message);
    if (error instanceof RelayError) return sendError(res, statusOf(error.code), error.code, error.message);
    const status = statusOfExpress(error);
    if (status !== null) return sendError(res, status, 'bad_request', 'The request cannot be read.');
    logger.error({ err: error, method: req.method, path: req.path }, 'request failed');
    sendError(res, 500, 'internal', 'The relay failed; its log has the cause.');
  };
}

/** Express marks a request that it cannot read (such as a broken percent escape in the path) with a 4xx status. */
function statusOfExpress(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  return error.status >= 400 && error.status < 500 ? error.status : null;
}
