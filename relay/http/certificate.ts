import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { decodeFile, reasonOf } from '../strict-text.ts';

/** A certificate chain and its key, as PEM files. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate that was read and fits its key. */
export interface Certificate {
  /** What `https.createServer` and `setSecureContext` take. TLS 1.0 and 1.1 are out (RFC 8996). */
  readonly tls: { readonly cert: string; readonly key: string; readonly minVersion: 'TLSv1.2' };
  /** From when and until when browsers take it (RFC 5280, 4.1.2.5), in milliseconds since the epoch. */
  readonly validFrom: number;
  readonly validTo: number;
  /** Tells this pair of files' contents from any other. */
  readonly fingerprint: string;
}

/** The files cannot be used. `file` is the one to look at; the message is complete. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly file: 'cert' | 'key';

  constructor(file: 'cert' | 'key', message: string, options?: ErrorOptions) {
    super(message, options);
    this.file = file;
  }
}

/** The bytes of both files. */
export interface CertificateBytes {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads both files, once, and checks that they belong together. @throws CertificateError */
export function readCertificate(files: CertificateFiles): Certificate {
  const read = (file: 'cert' | 'key', path: string): Buffer => {
    try {
      return readFileSync(path);
    } catch (error) {
      throw new CertificateError(file, `${path} cannot be read (${reasonOf(error)}).`, { cause: error });
    }
  };
  return parseCertificate(files, { cert: read('cert', files.certFile), key: read('key', files.keyFile) });
}

/** Tells contents apart; names and times of files say nothing about them. */
export function fingerprintOf({ cert, key }: CertificateBytes): string {
  return createHash('sha256').update(`${cert.length}:`).update(cert).update(key).digest('hex');
}

/** What both files hold, checked: what is checked here is what is used. @throws CertificateError */
export function parseCertificate({ certFile, keyFile }: CertificateFiles, bytes: CertificateBytes): Certificate {
  const text = (file: 'cert' | 'key', path: string): string => {
    try {
      return decodeFile(path, bytes[file], { mark: 'drop' });
    } catch (error) {
      const form = file === 'cert' ? 'A certificate is expected in PEM form' : 'A key is expected in PEM form';
      throw new CertificateError(file, `${reasonOf(error)} ${form} (openssl converts others).`, { cause: error });
    }
  };
  const cert = text('cert', certFile);
  const key = text('key', keyFile);
  let leaf: X509Certificate;
  try {
    createSecureContext({ cert });
    leaf = new X509Certificate(cert);
  } catch (error) {
    throw new CertificateError('cert', `${certFile} is not a certificate in PEM form (-----BEGIN CERTIFICATE-----).`, {
      cause: error,
    });
  }
  const tls = { cert, key, minVersion: 'TLSv1.2' } as const;
  try {
    createSecureContext(tls);
    if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error('the key is of another certificate');
  } catch (error) {
    throw new CertificateError(
      'key',
      `${keyFile} is not a PEM key without passphrase that belongs to ${certFile}${orderHint(cert, key)}.`,
      { cause: error },
    );
  }
  return {
    tls,
    validFrom: Date.parse(leaf.validFrom),
    validTo: Date.parse(leaf.validTo),
    fingerprint: fingerprintOf(bytes),
  };
}

/** The key may belong to a later certificate of the file: the chain stands in the wrong order. */
function orderHint(chain: string, key: string): string {
  try {
    const owner = createPrivateKey(key);
    const others = chain.split(/(?=-----BEGIN CERTIFICATE-----)/).filter((pem) => pem.startsWith('-----BEGIN'));
    const fits = others.some((pem) => new X509Certificate(pem).checkPrivateKey(owner));
    return fits ? ' (it belongs to a later one in the file: the server’s own certificate stands first)' : '';
  } catch {
    return '';
  }
}

const DAY_MS = 86_400_000;
/** A certificate is renewed a month before its end, commonly; with less left than this, nobody seems to. */
const SOON_DAYS = 14;

/** What people should know about a certificate's life. The text follows the file's name. */
export interface CertificateNotice {
  readonly state: 'expired' | 'not_yet_valid' | 'expires_soon';
  readonly text: string;
}

/** Whole days until a certificate ends; negative afterwards. Both in milliseconds since the epoch. */
export function daysLeft(validTo: number, now: number): number {
  return Math.floor((validTo - now) / DAY_MS);
}

/** Null while browsers take it and will for some time. @param now milliseconds since the epoch */
export function certificateNotice(
  { validFrom, validTo }: Pick<Certificate, 'validFrom' | 'validTo'>,
  now: number,
): CertificateNotice | null {
  const day = (ms: number) =>
    new Date(ms)
      .toISOString()
      .replace(/:\d\d\.\d+Z$/, ' UTC')
      .replace('T', ' ');
  if (now >= validTo) {
    return {
      state: 'expired',
      text: `expired on ${day(validTo)}: browsers refuse it. Renew it; it is read again by itself.`,
    };
  }
  if (now < validFrom) {
    return {
      state: 'not_yet_valid',
      text: `is valid from ${day(validFrom)} on only: browsers refuse it until then. Is this machine’s clock right?`,
    };
  }
  if (validTo - now < SOON_DAYS * DAY_MS) {
    const days = daysLeft(validTo, now);
    const left = days === 0 ? 'less than a day' : days === 1 ? '1 day' : `${days} days`;
    return {
      state: 'expires_soon',
      text: `expires on ${day(validTo)}, in ${left}. Renew it; it is read again by itself.`,
    };
  }
  return null;
}
