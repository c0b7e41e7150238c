import type { RequestHandler } from 'express';
import { HttpError } from './http-error.ts';

/** May a page of this origin use the relay? Without an `Origin` header it is no page (or the relay's own), and CORS does not apply. */
export function isAllowedOrigin(allowed: readonly string[], origin: string | undefined): boolean {
  return origin === undefined || allowed.includes('*') || allowed.includes(origin);
}

/** Refuses requests from pages of other origins in plain words; without it a browser would only say "CORS error". */
export function requireAllowedOrigin(allowed: readonly string[]): RequestHandler {
  return (req, _res, next) => {
    if (isAllowedOrigin(allowed, req.headers.origin)) return next();
    throw new HttpError(
      403,
      'origin_not_allowed',
      `Pages of the origin ${req.headers.origin?.slice(0, 200)} may not use this relay. Add it to ALLOWED_ORIGINS.`,
    );
  };
}
