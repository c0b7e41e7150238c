import type { Request, RequestHandler, Response } from 'express';
import { findPerson, type Person } from '../../server/people.ts';
import type { SessionCookies } from '../../server/session-cookie.ts';

/** Handles a request of a person whom the address names. */
export type PersonHandler = (req: Request, res: Response, person: Person) => void | Promise<void>;

/** For a page: opening it is the login, as everywhere in the demonstration. Nobody of that name: on to the next route. */
export function page(cookies: SessionCookies, handle: PersonHandler): RequestHandler {
  return (req, res, next) => {
    const person = findPerson(String(req.params.id));
    if (!person) return next();
    if (!cookies.isSignedIn(req, person.id)) cookies.signIn(res, person.id, req.secure);
    return handle(req, res, person);
  };
}

/** For a page's background request: 401 without the login of that very person. */
export function signedIn(cookies: SessionCookies, handle: PersonHandler): RequestHandler {
  return (req, res) => {
    const person = findPerson(String(req.params.id));
    res.set('Cache-Control', 'no-store');
    if (!person || !cookies.isSignedIn(req, person.id)) {
      res.status(401).json({ error: 'not signed in: open the person’s page first' });
      return;
    }
    return handle(req, res, person);
  };
}
