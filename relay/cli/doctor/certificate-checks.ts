import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import type { HttpConfig } from '../../config/shape.ts';
import { CertificateError, certificateNotice, daysLeft, readCertificate } from '../../http/certificate.ts';
import { type Finding, failed, ok, skipped, warning } from './finding.ts';

/**
 * The certificate and its chain (RFC 5280, 6): dates, each signed by the next, and whether the last one leads to an authority that
 * this machine knows.
 * @param name the host name by which pages reach the relay, where that is known
 * @param now milliseconds since the epoch
 */
export function checkCertificate(http: HttpConfig, name: string | null, now = Date.now()): Finding[] {
  const id = 'certificate';
  if (http.https === null) return [skipped(id, 'TLS_CERT_FILE is not set: TLS ends at a proxy, or there is none.')];
  const { certFile } = http.https;
  try {
    const { validFrom, validTo } = readCertificate(http.https);
    const days = daysLeft(validTo, now);
    const notice = certificateNotice({ validFrom, validTo }, now);
    const renew = 'Renew it (certbot renew, or your authority); a running relay reads it again by itself.';
    const dates =
      notice === null
        ? ok(id, `${certFile} is good for ${days} days.`)
        : notice.state === 'expires_soon'
          ? warning(id, `${certFile} ${notice.text}`, renew)
          : failed(id, `${certFile} ${notice.text}`, renew);
    const chain = chainIn(readFileSync(certFile, 'utf8'));
    return [dates, checkChain(certFile, chain, now), ...checkName(certFile, chain, name)];
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return [failed(id, error.message, 'TLS_CERT_FILE holds the chain, TLS_KEY_FILE its key, both as PEM.')];
  }
}

function chainIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

function checkChain(file: string, chain: readonly X509Certificate[], now: number): Finding {
  const id = 'certificate-chain';
  for (const [index, certificate] of chain.entries()) {
    const next = chain[index + 1];
    if (next && !(certificate.checkIssued(next) && certificate.verify(next.publicKey)))
      return failed(
        id,
        `${file}: certificate ${index + 2} did not sign certificate ${index + 1}.`,
        'The server’s own stands first, then who signed it, and so on.',
      );
    if (index > 0 && Date.parse(certificate.validTo) <= now)
      return failed(
        id,
        `${file}: certificate ${index + 1} of the chain has expired.`,
        'Take the chain that your authority gives now.',
      );
  }
  const last = chain.at(-1);
  if (!last) return failed(id, `${file} holds no certificate.`, 'TLS_CERT_FILE holds the chain as PEM.');
  const known = [...getCACertificates('default'), ...getCACertificates('system')].map(
    (pem) => new X509Certificate(pem),
  );
  const trusted = known.some(
    (root) => last.fingerprint256 === root.fingerprint256 || (last.checkIssued(root) && last.verify(root.publicKey)),
  );
  if (trusted) return ok(id, `${file}: ${chain.length} certificates lead to ${nameOf(known, last)}.`);
  if (chain.length === 1 && !last.checkIssued(last))
    return failed(
      id,
      `${file} holds the server’s own certificate alone, without who signed it: phones refuse it.`,
      'Take the full chain (fullchain.pem).',
    );
  return warning(
    id,
    `${file}: ${issuerOf(last)} is no authority that this machine knows.`,
    'Right for a company’s own authority, if each phone knows it; wrong for everybody else.',
  );
}

function nameOf(known: readonly X509Certificate[], last: X509Certificate): string {
  const root = known.find((each) => last.checkIssued(each));
  return issuerOf(root ?? last);
}

function issuerOf({ issuer }: X509Certificate): string {
  return issuer.replaceAll('\n', ', ');
}

function checkName(file: string, [leaf]: readonly X509Certificate[], name: string | null): Finding[] {
  if (name === null || !leaf) return [];
  const fits = /^[\d.]+$|:/.test(name) ? leaf.checkIP(name) : leaf.checkHost(name);
  return [
    fits
      ? ok('certificate-name', `${file} is for ${name}.`)
      : failed(
          'certificate-name',
          `${file} is not for ${name}, but for ${leaf.subjectAltName ?? leaf.subject}.`,
          'Get one with that name in it.',
        ),
  ];
}
