import { createPublicKey } from 'node:crypto';
import { algorithmsOf, RSA_BITS } from '../auth/key-algorithms.ts';
import { readTextFile, reasonOf } from '../strict-text.ts';
import type { Report, Review } from './problems.ts';
import { hiddenInSecret, reviewSecret } from './secrets.ts';
import type { AuthConfig } from './shape.ts';
import type { Values, VariableName } from './variables.ts';

/** RFC 7518, 3.2: the key of an HMAC is at least as long as the hash. In bytes. */
const SECRET_BYTES: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 };

const KEY_VARIABLES = ['JWT_SECRET', 'JWT_SECRET_FILE', 'JWT_PUBLIC_KEY', 'JWT_PUBLIC_KEY_FILE', 'JWKS_URL'] as const;

type Key = AuthConfig['key'];

/** The part of the configuration that says which tokens are accepted. Notes a problem for everything that is missing or weak. */
export function readAuthConfig(values: Values, review: Review): AuthConfig {
  const { production, report, warn } = review;
  const { key, from } = readKey(values, review);
  const algorithms = key ? readAlgorithms(key, from, values.JWT_ALGORITHMS, report) : [];
  if (key?.kind === 'secret') reviewSecret(key.secret, from, { leastBytes: 0, weak: 'refuse' }, review);
  if (key?.kind === 'jwks') {
    const url = new URL(key.url);
    const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
    if (production && url.protocol === 'http:' && !local) {
      report('JWKS_URL', `${url.origin} is not encrypted; in production it must be an https:// URL.`);
    }
  }
  for (const name of ['JWT_ISSUER', 'JWT_AUDIENCE'] as const) {
    if (production && values[name] === null) {
      warn(name, 'is not set: a token that the same key signed for another application is accepted too.');
    }
  }
  return {
    // Without a usable key a problem was noted, and this value goes nowhere.
    key: key ?? { kind: 'jwks', url: 'https://invalid.invalid' },
    algorithms,
    issuer: values.JWT_ISSUER,
    audience: values.JWT_AUDIENCE,
    clockToleranceS: Math.floor(values.JWT_CLOCK_TOLERANCE / 1000),
  };
}

function readKey(values: Values, { failed, report }: Review): { key: Key | null; from: VariableName } {
  const set = KEY_VARIABLES.filter((name) => values[name] !== null);
  const from = set[0];
  if (from === undefined) {
    if (failed.has('JWKS_URL')) return { key: null, from: 'JWKS_URL' };
    report(
      'JWT_SECRET',
      'no key to verify tokens with. Set exactly one of JWT_SECRET (or JWT_SECRET_FILE), JWT_PUBLIC_KEY (or ' +
        'JWT_PUBLIC_KEY_FILE) and JWKS_URL. Example: JWT_SECRET="$(openssl rand -base64 48)", the same in the host’s server.',
    );
    return { key: null, from: 'JWT_SECRET' };
  }
  if (set.length > 1) {
    report(from, `only one kind of key may be set, but there are ${set.join(' and ')}. Remove all but one.`);
    return { key: null, from };
  }
  if (from === 'JWKS_URL') return { key: { kind: 'jwks', url: values.JWKS_URL ?? '' }, from };

  const text = from.endsWith('_FILE') ? readText(from, values[from] ?? '', report) : values[from];
  if (text === null) return { key: null, from };
  return {
    key: from.startsWith('JWT_SECRET') ? readSecret(text, from, report) : readPublicKey(text, from, report),
    from,
  };
}

/** A secret counts byte by byte; before a PEM key, a byte order mark changes nothing. */
function readText(name: VariableName, file: string, report: Report): string | null {
  const secret = name === 'JWT_SECRET_FILE';
  try {
    return readTextFile(file, { mark: secret ? 'refuse' : 'drop' }).replace(/\r?\n$/, '');
  } catch (error) {
    const hint = secret ? ' A secret is a line of text, such as the output of: openssl rand -base64 48' : '';
    report(name, `${reasonOf(error)}${hint}`);
    return null;
  }
}

function readSecret(text: string, name: VariableName, report: Report): Key | null {
  if (text.includes('-----BEGIN ')) {
    report(
      name,
      'holds a PEM key. A public key belongs into JWT_PUBLIC_KEY: as a secret, everybody who has it could sign.',
    );
    return null;
  }
  const hidden = hiddenInSecret(text);
  if (hidden !== null) {
    report(name, `${hidden}.`);
    return null;
  }
  if (text === '') {
    report(name, 'is empty. Make a secret: openssl rand -base64 48');
    return null;
  }
  return { kind: 'secret', secret: text };
}

function readPublicKey(text: string, name: VariableName, report: Report): Key | null {
  const pem = text.replaceAll('\\n', '\n').trim();
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) {
    report(name, 'holds a private key. Give the relay the public key only: openssl pkey -in private.pem -pubout');
    return null;
  }
  const keys = pem.match(/-----BEGIN /g)?.length ?? 0;
  if (keys > 1) {
    report(
      name,
      `holds ${keys} keys or certificates, of which only the first would count. Leave one; several go into JWKS_URL.`,
    );
    return null;
  }
  try {
    createPublicKey(pem);
  } catch {
    report(name, 'is not a public key in PEM form (-----BEGIN PUBLIC KEY-----, or a certificate).');
    return null;
  }
  return { kind: 'public-key', pem };
}

function readAlgorithms(
  key: Key,
  from: VariableName,
  chosen: readonly string[] | null,
  report: Report,
): readonly string[] {
  const publicKey = key.kind === 'public-key' ? createPublicKey(key.pem) : null;
  const fitting = publicKey ? algorithmsOf(publicKey) : null;
  if (publicKey && !fitting) {
    report(
      from,
      `a key of type ${publicKey.asymmetricKeyType} cannot be used. Allowed: RSA of ${RSA_BITS} bits or more, P-256, P-384, P-521.`,
    );
    return [];
  }
  const fallback =
    key.kind === 'secret' ? ['HS256'] : key.kind === 'jwks' ? ['RS256', 'ES256'] : (fitting ?? []).slice(0, 1);
  const algorithms = chosen && chosen.length > 0 ? chosen : fallback;

  for (const algorithm of algorithms) {
    const symmetric = algorithm.startsWith('HS');
    if (key.kind === 'secret' && !symmetric) {
      report(
        'JWT_ALGORITHMS',
        `${algorithm} needs a public key or a JWKS, but a secret is set. Allowed with a secret: HS256, HS384, HS512.`,
      );
    } else if (key.kind !== 'secret' && symmetric) {
      report(
        'JWT_ALGORITHMS',
        `${algorithm} needs a shared secret: with ${from}, whoever has the public key could sign tokens.`,
      );
    } else if (fitting && !fitting.includes(algorithm)) {
      report('JWT_ALGORITHMS', `${algorithm} does not fit the key of ${from}. Allowed with it: ${fitting.join(', ')}.`);
    }
  }
  if (key.kind === 'secret') {
    const needed = Math.max(...algorithms.map((algorithm) => SECRET_BYTES[algorithm] ?? 0));
    const bytes = Buffer.byteLength(key.secret);
    if (bytes < needed) {
      report(
        from,
        `the secret has ${bytes} bytes, but needs at least ${needed} (RFC 7518, 3.2). Make one: openssl rand -base64 48`,
      );
    }
  }
  return algorithms;
}
