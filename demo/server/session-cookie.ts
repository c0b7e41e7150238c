import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';

const NAME = 'demo_session';

/**
 * The host's own login, kept as small as it can be: a signed cookie that names the person. Its path is the person's
 * own (`/as/lea-martin`), so that two tabs of one browser can be two people. A real host has its own login here; Prospect
 * Live never sees it, only the token that the host mints for whoever is logged in.
 */
export class SessionCookies {
  readonly #secret: Buffer;

  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  /** Logs the person in. There is no password: this is a demonstration. */
  signIn(res: Response, personId: string, secure: boolean): void {
    res.cookie(NAME, `${personId}.${this.#sign(personId)}`, {
      path: `/as/${personId}`,
      httpOnly: true,
      sameSite: 'lax',
      secure,
    });
  }

  /** True when the request carries this person's cookie with our signature. */
  isSignedIn(req: Request, personId: string): boolean {
    const expected = Buffer.from(`${personId}.${this.#sign(personId)}`);
    return readCookies(req.headers.cookie ?? '', NAME).some((value) => {
      const given = Buffer.from(value);
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
  }

  #sign(personId: string): string {
    return createHmac('sha256', this.#secret).update(personId).digest('base64url');
  }
}

function readCookies(header: string, name: string): string[] {
  return header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1));
}
