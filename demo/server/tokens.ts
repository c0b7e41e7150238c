import jwt from 'jsonwebtoken';
import type { Person } from './people.ts';

/** What the relay must be told to accept the demo's tokens. */
export interface TokenSettings {
  /** Shared secret, HS256. */
  readonly secret: string;
  readonly issuer: string;
  readonly audience: string;
  /** Life of a token, in seconds. */
  readonly lifetimeS: number;
}

/** Mints a short token for a person: the claims that the relay needs, and nothing else. */
export function mintToken(person: Person, settings: TokenSettings): string {
  const teams = person.role === 'commercial' ? { equipe: person.equipe } : { equipes: person.equipes, whisper: true };
  return jwt.sign({ role: person.role, name: person.name, ...teams }, settings.secret, {
    algorithm: 'HS256',
    subject: person.id,
    issuer: settings.issuer,
    audience: settings.audience,
    expiresIn: settings.lifetimeS,
  });
}
