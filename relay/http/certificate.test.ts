import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createCA, createCert } from 'mkcert';
import { createLogger } from '../logger.ts';
import { type Certificate, CertificateError, certificateNotice, readCertificate } from './certificate.ts';
import { CertificateWatch } from './certificate-watch.ts';

const DAY_MS = 86_400_000;
const root = mkdtempSync(join(tmpdir(), 'relay-certificate-'));
after(() => rmSync(root, { recursive: true }));

let pairs: readonly { readonly cert: string; readonly key: string }[] = [];
let ca = '';
before(async () => {
  const authority = await createCA({ organization: 'Test', countryCode: 'FR', state: 'x', locality: 'x', validity: 2 });
  ca = authority.cert;
  const make = () => createCert({ ca: authority, domains: ['localhost'], validity: 1 });
  pairs = [await make(), await make()];
});

let folder = '';
let count = 0;
beforeEach(() => {
  folder = join(root, String(count++));
  mkdirSync(folder);
});

/** Writes one of the pairs into a folder. */
function install(which: 0 | 1, into: string): void {
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, 'cert.pem'), pairs[which]?.cert ?? '');
  writeFileSync(join(into, 'key.pem'), pairs[which]?.key ?? '');
}

const filesIn = (path: string) => ({ certFile: join(path, 'cert.pem'), keyFile: join(path, 'key.pem') });

function problemOf(path: string): CertificateError {
  try {
    readCertificate(filesIn(path));
  } catch (error) {
    assert(error instanceof CertificateError, String(error));
    return error;
  }
  return assert.fail('the certificate was accepted');
}

describe('readCertificate', () => {
  it('says which file is the matter, and what it is', () => {
    assert.equal(problemOf(folder).file, 'cert');
    install(0, folder);
    assert.ok(readCertificate(filesIn(folder)).validTo > Date.now());
    unlinkSync(join(folder, 'key.pem'));
    assert.match(problemOf(folder).message, /key\.pem cannot be read \(there is no such file\)/);
    writeFileSync(join(folder, 'key.pem'), pairs[1]?.key ?? '');
    assert.match(problemOf(folder).message, /key\.pem is not a PEM key without passphrase that belongs to/);
    writeFileSync(join(folder, 'cert.pem'), 'nothing');
    assert.match(problemOf(folder).message, /cert\.pem is not a certificate in PEM form/);
    writeFileSync(join(folder, 'cert.pem'), Buffer.from([0x30, 0x82, 0xff, 0x01]));
    assert.match(problemOf(folder).message, /no text in UTF-8\. A certificate is expected in PEM form/);
  });

  it('reads files with a byte order mark, and names a chain in the wrong order', () => {
    install(0, folder);
    const { cert = '', key = '' } = pairs[0] ?? {};
    writeFileSync(join(folder, 'cert.pem'), `\uFEFF${cert}`);
    writeFileSync(join(folder, 'key.pem'), `\uFEFF${key}`);
    assert.ok(readCertificate(filesIn(folder)).tls.cert.startsWith('-----BEGIN'));
    writeFileSync(join(folder, 'cert.pem'), `${ca}\n${cert}`);
    assert.match(problemOf(folder).message, /belongs to a later one in the file/);
  });
});

describe('certificateNotice', () => {
  it('tells of an end that is near or over, and of a beginning that is not reached', () => {
    const now = Date.parse('2026-06-15T12:00:00Z');
    const state = (from: number, to: number) => certificateNotice({ validFrom: now + from, validTo: now + to }, now);
    assert.equal(state(-DAY_MS, 30 * DAY_MS), null);
    assert.match(state(-DAY_MS, 13.5 * DAY_MS)?.text ?? '', /expires on 2026-06-29 00:00 UTC, in 13 days/);
    assert.match(state(-DAY_MS, 1000)?.text ?? '', /in less than a day/);
    assert.match(state(-DAY_MS, 0)?.text ?? '', /expired on 2026-06-15 12:00 UTC: browsers refuse it/);
    assert.equal(state(1000, DAY_MS)?.state, 'not_yet_valid');
  });
});

describe('CertificateWatch', () => {
  /** A watch that looks only when a test says so. */
  function watch(path: string) {
    const used: Certificate[] = [];
    const lines: string[] = [];
    const logger = createLogger('info', { destination: { write: (line) => void lines.push(line) } });
    const files = filesIn(path);
    const current = readCertificate(files);
    const use = (next: Certificate) => void used.push(next);
    const watching = new CertificateWatch({ files, current, use, logger, lookEveryMs: 3_600_000 });
    return { watching, used, lines };
  }

  for (const [how, replace] of [
    ['written in place', () => install(1, join(folder, 'live'))],
    [
      'renamed over the old ones',
      () => {
        install(1, join(folder, 'new'));
        for (const name of ['cert.pem', 'key.pem']) {
          renameSync(join(folder, 'new', name), join(folder, 'live', name));
        }
      },
    ],
    [
      'in a folder that is renamed',
      () => {
        install(1, join(folder, 'new'));
        renameSync(join(folder, 'live'), join(folder, 'old'));
        renameSync(join(folder, 'new'), join(folder, 'live'));
      },
    ],
    [
      'behind a link to their folder that is switched',
      () => {
        install(1, join(folder, 'two'));
        renameSync(join(folder, 'live'), join(folder, 'one'));
        symlinkSync('two', join(folder, 'live'));
      },
    ],
    [
      'the rewritten targets of links',
      () => {
        renameSync(join(folder, 'live'), join(folder, 'archive'));
        mkdirSync(join(folder, 'live'));
        for (const name of ['cert.pem', 'key.pem']) {
          symlinkSync(join(folder, 'archive', name), join(folder, 'live', name));
        }
        install(1, join(folder, 'archive'));
      },
    ],
  ] as const) {
    it(`takes files that are ${how}`, async () => {
      install(0, join(folder, 'live'));
      const { watching, used, lines } = watch(join(folder, 'live'));
      await watching.look(false);
      assert.equal(used.length, 0, 'nothing changed yet');
      replace();
      await watching.look(false);
      await watching.look(false);
      assert.equal(used.length, 1);
      assert.equal(used[0]?.tls.cert, pairs[1]?.cert);
      assert.match(lines.join(''), /certificate read again/);
      watching.end();
    });
  }

  it('keeps the old pair while the new one is half written, and says so only when it stays so', async () => {
    install(0, folder);
    const { watching, used, lines } = watch(folder);
    writeFileSync(join(folder, 'cert.pem'), pairs[1]?.cert ?? '');
    await watching.look(false);
    assert.deepEqual([used.length, lines.length], [0, 0], 'a renewal half way is nothing to tell');
    for (let i = 0; i < 3; i++) await watching.look(false);
    assert.equal(used.length, 0);
    assert.equal(lines.length, 1, 'said once');
    assert.match(lines[0] ?? '', /new certificate cannot be used; the old one stays/);
    writeFileSync(join(folder, 'key.pem'), pairs[1]?.key ?? '');
    await watching.look(false);
    assert.equal(used.length, 1);
    watching.end();
  });

  it('says at once what is wrong, or the same, to who asks', async () => {
    install(0, folder);
    const { watching, lines } = watch(folder);
    await watching.look(true);
    assert.match(lines.at(-1) ?? '', /it is the same/);
    unlinkSync(join(folder, 'key.pem'));
    await watching.look(true);
    assert.match(lines.at(-1) ?? '', /cannot be used/);
    watching.end();
  });

  it('looks by itself', async () => {
    install(0, folder);
    const files = filesIn(folder);
    const next = new Promise<Certificate>((resolve) => {
      const logger = createLogger('silent');
      const watching = new CertificateWatch({
        files,
        current: readCertificate(files),
        use: (found) => {
          watching.end();
          resolve(found);
        },
        logger,
        lookEveryMs: 20,
      });
    });
    install(1, folder);
    const alive = setInterval(() => {}, 1000);
    assert.equal((await next).tls.cert, pairs[1]?.cert);
    clearInterval(alive);
  });
});
