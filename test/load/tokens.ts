import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import jwt from 'jsonwebtoken';
import type { SessionUser } from '../../relay/protocol/messages.ts';

const execute = promisify(execFile);

/** Longer than any run. */
const LIFETIME_S = 6 * 3_600;

/** Makes a token for somebody. @throws Error when there is none to be had */
export type TokenSource = (user: SessionUser) => Promise<string>;

/** Tokens signed here with the relay's shared secret (HS256). */
export function secretTokens(settings: {
  readonly secret: string;
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
}): TokenSource {
  const { secret, issuer, audience } = settings;
  return async ({ id, ...claims }) =>
    jwt.sign(claims, secret, {
      algorithm: 'HS256',
      subject: id,
      expiresIn: LIFETIME_S,
      ...(issuer && { issuer }),
      ...(audience && { audience }),
    });
}

/** Tokens that a shell command prints; environment variables tell it whose. */
export function commandTokens(command: string): TokenSource {
  return async (user) => {
    const teams = user.role === 'commercial' ? [user.equipe] : user.equipes;
    const env = {
      ...process.env,
      TOKEN_SUB: user.id,
      TOKEN_ROLE: user.role,
      TOKEN_NAME: user.name,
      TOKEN_TEAMS: teams.join(','),
    };
    const { stdout } = await execute('sh', ['-c', command], { env, timeout: 30_000 });
    const token = stdout.trim();
    if (token === '') throw new Error('the token command printed nothing');
    return token;
  };
}
