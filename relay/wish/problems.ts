import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Response } from 'express';
import { RefusalLog } from '../doors/refusal-log.ts';
import { RelayError } from '../errors.ts';
import { HttpError } from '../http/http-error.ts';
import type { Logger } from '../logger.ts';
import type { Measures } from '../measures/measures.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';

/**
 * Every code that an answer to WHIP and WHEP can carry beside those of the protocol (`ERROR_CODES`), with its status and meaning. A code
 * never changes its meaning. docs/whip.md lists them; a test keeps both equal.
 */
export const WISH_CODES = {
  not_acceptable: { status: 406, meaning: 'The request accepts no `application/sdp`.' },
  unsupported_media_type: {
    status: 415,
    meaning: 'The body is of another media type than the one that the answer names.',
  },
  too_large: { status: 413, meaning: 'The body is larger than 64 KiB.' },
  precondition_required: { status: 428, meaning: 'A `PATCH` needs `If-Match`: the `ETag` of the ICE session, or `*`.' },
  precondition_failed: { status: 412, meaning: 'The `If-Match` is not of the present ICE session.' },
  no_session: { status: 404, meaning: 'There is no such session of this user: it has ended, or is of somebody else.' },
  other_relay: {
    status: 421,
    meaning: 'The session is at another relay, which lives: the load balancer does not lead `/n/NODE/` to its relay.',
  },
  page_active: {
    status: 409,
    meaning: 'A page of the same user streams, or listens. A device or player never takes over from a page.',
  },
  stopped_by_page: {
    status: 409,
    meaning:
      'A page of the same user has stopped the device. It may come back with another token, or after `Retry-After`.',
  },
  answered: { status: 409, meaning: 'The counter-offer of this session has its answer already.' },
  starting: { status: 503, meaning: 'The relay is starting.' },
} as const;

/** A code that only WHIP and WHEP have. */
export type WishCode = keyof typeof WISH_CODES;

/** Status of the protocol's codes, where it is none of 401 (`token_…`), 409 and 500. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  bad_request: 400,
  forbidden: 403,
  origin_not_allowed: 403,
  policy_hours: 403,
  policy_time: 403,
  policy_time_used: 403,
  policy_protected: 403,
  policy_full: 403,
  policy_devices: 403,
  purpose_required: 403,
  consent_required: 403,
  sdp_invalid: 422,
  e2ee_required: 409,
  rate_limited: 429,
  capacity: 503,
  draining: 503,
  media_unavailable: 503,
  token_keys_unavailable: 503,
  not_streaming: 409,
  not_listening: 409,
  not_connected: 409,
};

/** Statuses after which the same request may succeed by itself. */
const RETRY_AFTER_S: Readonly<Record<number, number>> = { 429: 5, 503: 5 };

/** A refusal with a code of WHIP and WHEP alone. */
export class WishError extends Error {
  override readonly name = 'WishError';
  readonly code: WishCode;
  /** Seconds; null: the status says. */
  readonly retryAfterS: number | null;

  constructor(code: WishCode, message: string, retryAfterS: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}

/** The HTTP status of a code of the protocol. */
export function statusOfCode(code: ErrorCode): number {
  return STATUS[code] ?? (code.startsWith('token_') ? 401 : 500);
}

/** Turns what a handler threw into a problem document (RFC 9457). Unknown errors are logged, and their text is not sent. */
export function problemHandler(at: 'whip' | 'whep', logger: Logger, measures: Measures): ErrorRequestHandler {
  const refusals = new RefusalLog(logger);
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const { status, code, detail, retryAfterS } = readError(error);
    if (code === 'internal') logger.error({ err: error, method: req.method, at }, 'request failed');
    else refusals.add({ code, reason: detail, origin: req.headers.origin }, `${at} request refused`);
    measures.refused(at, code in WISH_CODES ? 'bad_request' : (code as ErrorCode));
    if (retryAfterS !== null) res.set('Retry-After', String(retryAfterS));
    sendProblem(res, status, code, detail);
  };
}

interface Problem {
  readonly status: number;
  readonly code: ErrorCode | WishCode;
  readonly detail: string;
  readonly retryAfterS: number | null;
}

function readError(error: unknown): Problem {
  if (error instanceof WishError) {
    const { status } = WISH_CODES[error.code];
    const retryAfterS = error.retryAfterS ?? RETRY_AFTER_S[status] ?? null;
    return { status, code: error.code, detail: error.message, retryAfterS };
  }
  if (error instanceof RelayError) {
    const status = statusOfCode(error.code);
    return { status, code: error.code, detail: error.message, retryAfterS: RETRY_AFTER_S[status] ?? null };
  }
  if (error instanceof HttpError && error.code === 'starting') {
    return { status: error.status, code: 'starting', detail: error.message, retryAfterS: 1 };
  }
  const status = statusOfBody(error);
  if (status === 413) return { status, code: 'too_large', detail: WISH_CODES.too_large.meaning, retryAfterS: null };
  if (status !== null) {
    return { status: 400, code: 'bad_request', detail: 'The request cannot be read.', retryAfterS: null };
  }
  return { status: 500, code: 'internal', detail: 'The relay failed; its log has the cause.', retryAfterS: null };
}

/** Express marks a body or path that it cannot read with a 4xx status. */
function statusOfBody(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  return error.status >= 400 && error.status < 500 ? error.status : null;
}

function sendProblem(res: Response, status: number, code: string, detail: string): void {
  // RFC 9110, 11.6.1: a 401 says how to authenticate; the error word is RFC 6750, 3.1.
  if (status === 401) res.set('WWW-Authenticate', code === 'token_missing' ? 'Bearer' : 'Bearer error="invalid_token"');
  res.set({ 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' });
  // Not by `send`, which would add an ETag: that names ICE sessions here.
  res.status(status).end(JSON.stringify({ title: STATUS_CODES[status] ?? '', status, detail, code }));
}
