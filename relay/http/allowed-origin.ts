import type { RequestHandler } from 'express';
import { isAllowedOrigin } from '../origins.ts';
import { HttpError } from './http-error.ts';

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
