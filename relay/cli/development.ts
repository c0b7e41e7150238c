import { randomBytes } from 'node:crypto';
import type { RelayConfig } from '../config/shape.ts';
import type { Environment } from '../config.ts';
import { commandName } from './command-name.ts';
import { mintToken, type Person } from './mint-token.ts';

/** A working day: a page that stays open over lunch goes on. In seconds. */
const LIFETIME_S = 8 * 3600;

const PEOPLE: readonly Person[] = [
  { role: 'commercial', sub: 'lea-martin', name: 'Léa Martin', equipe: 'Lyon Est' },
  { role: 'admin', sub: 'sophie-bernard', name: 'Sophie Bernard', equipes: ['Lyon Est'] },
];

const ELEMENT = { commercial: 'prospect-stream-button', admin: 'prospect-listen-panel' } as const;

const KEYS = ['JWT_SECRET', 'JWT_SECRET_FILE', 'JWT_PUBLIC_KEY', 'JWT_PUBLIC_KEY_FILE', 'JWKS_URL'];

/** The environment of a development relay, and the secret that was made for it; null when a key was set already. */
export interface DevelopmentEnvironment {
  readonly env: Environment;
  readonly madeSecret: string | null;
}

/** Fills in what a trial needs and nobody has set: a secret, anew at each start, so that none is ever kept or copied into production. */
export function developmentEnvironment(env: Environment): DevelopmentEnvironment {
  if (KEYS.some((name) => (env[name] ?? '').trim() !== '')) return { env, madeSecret: null };
  const madeSecret = randomBytes(48).toString('base64');
  return { env: { ...env, JWT_SECRET: madeSecret }, madeSecret };
}

/**
 * What `--dev` prints once the relay listens: all that a page of one's own needs.
 * @param addresses the ports that are listened on
 */
export function describeDevelopment(
  { http, auth }: Pick<RelayConfig, 'http' | 'auth'>,
  addresses: { readonly http?: number; readonly https?: number },
  madeSecret: string | null,
): string {
  const url =
    addresses.http === undefined ? `https://localhost:${addresses.https}` : `http://localhost:${addresses.http}`;
  const origins = http.allowedOrigins.includes('*')
    ? 'every origin, so http://localhost with any port (ALLOWED_ORIGINS=*)'
    : http.allowedOrigins.join(', ');
  const secret =
    auth.key.kind !== 'secret'
      ? 'none: tokens are verified with a public key, and come from your server'
      : madeSecret === null
        ? 'the one that is configured'
        : `${madeSecret}   (of this run only)`;
  const lines = [
    '',
    `  Development relay:  ${url}`,
    `  Pages may come from:  ${origins}`,
    `  JWT_SECRET:  ${secret}`,
    '',
    '  In each page (served from http://localhost or over https):',
    '',
    `    <script type="module" src="${url}/widgets/prospect-live.js"></script>`,
    '',
  ];
  if (auth.key.kind === 'secret') {
    for (const person of PEOPLE) {
      const teams =
        person.role === 'admin' ? `admin of ${person.equipes.join(', ')}` : `commercial of ${person.equipe}`;
      const tag = ELEMENT[person.role];
      lines.push(
        `  ${person.name}, ${teams}, for ${LIFETIME_S / 3600} hours:`,
        '',
        `    <${tag} relay-url="${url}" token="${mintToken(auth, person, LIFETIME_S)}"></${tag}>`,
        '',
      );
    }
    const given = madeSecret === null ? '' : `JWT_SECRET='${madeSecret}' `;
    lines.push(
      '  Other tokens, in another terminal:',
      '',
      `    ${given}${commandName()} token --role commercial --sub paul --name "Paul Petit" --equipe "Lyon Est"`,
      '',
    );
  }
  return `${lines.join('\n')}\n`;
}
