import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';
import { say } from './progress.mjs';

const DAY_MS = 86_400_000;
/** iPhones refuse server certificates that are valid for longer than 398 days. */
const SERVER_DAYS = 397;
/** Long, because trusting it on every phone is the laborious part. */
const CA_DAYS = 3650;
/** A certificate with fewer days left is made anew. */
const RENEW_DAYS = 14;

/** Where the certificates lie. `ca` is to be trusted by phones; `cert` and `key` are the relay's and the demo's. */
export const certificateFiles = Object.freeze({
  ca: inRoot('certs', 'dev-ca.pem'),
  caKey: inRoot('certs', 'dev-ca-key.pem'),
  cert: inRoot('certs', 'relay.pem'),
  key: inRoot('certs', 'relay-key.pem'),
});

/**
 * Makes a development certificate authority and a server certificate signed by it, for this machine's names and addresses.
 * Both are kept while they are valid; the server's is made anew when this machine has an address that it lacks.
 * @returns {Promise<{ names: string[], caIsNew: boolean, certIsNew: boolean }>} the names covered, and what was made
 */
export async function ensureCertificates() {
  const files = certificateFiles;
  const names = machineNames();
  const caIsNew = !isUsableAuthority(files);
  const certIsNew = caIsNew || !isUsableServer(files, names);
  if (!certIsNew) return { names, caIsNew, certIsNew };

  const { createCA, createCert } = (await import('mkcert')).default;
  mkdirSync(inRoot('certs'), { recursive: true });
  if (caIsNew) {
    const ca = await createCA({
      organization: `Prospect Live development CA (${hostname()})`,
      countryCode: 'ZZ',
      state: 'Development',
      locality: 'Development',
      validity: CA_DAYS,
    });
    writeKey(files.caKey, ca.key);
    writeFileSync(files.ca, ca.cert);
  }
  const ca = { cert: readFileSync(files.ca, 'utf8'), key: readFileSync(files.caKey, 'utf8') };
  const server = await createCert({
    ca,
    domains: names,
    organization: 'Prospect Live development',
    validity: SERVER_DAYS,
  });
  writeKey(files.key, server.key);
  writeFileSync(files.cert, `${server.cert.trimEnd()}\n${ca.cert}`);
  say(`development certificate made for ${names.join(', ')} (certs/README.md says how to trust it)`);
  return { names, caIsNew, certIsNew };
}

/** This machine's names and addresses, as a page on it or beside it may call it. */
export function machineNames() {
  const host = hostname();
  const names = ['localhost', '127.0.0.1', '::1', host];
  // Phones find a machine on the same network by its mDNS name.
  if (!host.includes('.')) names.push(`${host}.local`);
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address, internal } of addresses ?? []) {
      // Link-local addresses need a zone in the URL, which no certificate can name.
      if (!internal && !address.startsWith('fe80:')) names.push(address);
    }
  }
  return [...new Set(names)];
}

function isUsableAuthority({ ca, caKey }) {
  try {
    const certificate = new X509Certificate(readFileSync(ca));
    return (
      certificate.ca && lastsLonger(certificate) && certificate.checkPrivateKey(createPrivateKey(readFileSync(caKey)))
    );
  } catch {
    return false;
  }
}

function isUsableServer({ ca, cert, key }, names) {
  if (!existsSync(cert) || !existsSync(key)) return false;
  try {
    const certificate = new X509Certificate(readFileSync(cert));
    return (
      lastsLonger(certificate) &&
      certificate.verify(new X509Certificate(readFileSync(ca)).publicKey) &&
      certificate.checkPrivateKey(createPrivateKey(readFileSync(key))) &&
      names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined)
    );
  } catch {
    return false;
  }
}

function lastsLonger(certificate) {
  return Date.parse(certificate.validTo) - Date.now() > RENEW_DAYS * DAY_MS;
}

/** Written beside its place first, so that the key is never readable by others, not even for a moment. */
function writeKey(path, pem) {
  const temporary = join(inRoot('certs'), `.new-${process.pid}`);
  writeFileSync(temporary, pem, { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, path);
}
