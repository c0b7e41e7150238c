import { Router } from 'express';
import { daysLeft } from './certificate.ts';

/** What the page and its facts are made of. */
export interface DoctorPageParts {
  readonly version: string;
  /** Until when the certificate in use is valid, in milliseconds since the epoch; null without one. */
  readonly certificateExpiry: () => number | null;
}

/** Nothing stands in the page itself: its script draws it, and is one of the widgets' files. Addresses are relative, for a relay below a path. */
const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Prospect Live: diagnostic</title>
<link rel="icon" href="data:,">
<script type="module" src="widgets/prospect-doctor.js"></script>
</head>
<body><noscript>This page needs JavaScript. Cette page a besoin de JavaScript.</noscript></body>
</html>
`;

/**
 * `GET /doctor`: the page with which a person finds out why there is no sound on this very device. `GET /doctor/facts`: what only the
 * relay knows, `version` and `certificate_days_left` (null without a certificate of its own).
 */
export function doctorRoutes({ version, certificateExpiry }: DoctorPageParts): Router {
  const router = Router();
  // Without the slash at the end, from which the relative addresses would lead astray.
  router.get('/doctor', (req, res, next) => {
    if (req.path !== '/doctor') return next();
    res.set({
      'Content-Security-Policy': policyFor(req.headers.host),
      'Permissions-Policy': 'microphone=(self), autoplay=(self)',
      'Cache-Control': 'no-cache',
    });
    res.type('html').send(PAGE);
  });
  router.get('/doctor/facts', (_req, res) => {
    const expiry = certificateExpiry();
    res.set('Cache-Control', 'no-store').json({
      version,
      certificate_days_left: expiry === null ? null : daysLeft(expiry, Date.now()),
    });
  });
  return router;
}

/** Scripts, requests and sockets of this relay, and nothing else. Older Safari does not count sockets as 'self', so they are named. */
function policyFor(host: string | undefined): string {
  const sockets = host !== undefined && /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    `connect-src 'self'${sockets}`,
    "media-src 'self' mediastream:",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
