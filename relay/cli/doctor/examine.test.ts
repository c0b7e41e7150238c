/** Each fault is made for real, and must be found, while what is well stays well. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { createCA, createCert } from 'mkcert';
import { freePort } from '../../../test/harness/network/free-port.ts';
import { readConfig } from '../../config.ts';
import { checkCertificate } from './certificate-checks.ts';
import { checkClock } from './clock-check.ts';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';
import { checkIce } from './ice-checks.ts';
import { checkKeys } from './key-checks.ts';
import { checkOpenFiles, checkSocketBuffers } from './limit-checks.ts';
import { checkHttpPorts, checkMediaPorts, checkSeenAs, findRunning } from './port-checks.ts';
import { checkRedis } from './redis-check.ts';
import { checkAuditFolder, checkLogFile } from './storage-checks.ts';

const BASE = {
  JWT_SECRET: 'kD9vQ2xW8zR4tY6uI1oP3aS5dF7gH0jKlZ2xC4vB6nM8qW0eR1tY',
  HOST: '127.0.0.1',
  MEDIA_WORKERS: '1',
};
const folder = mkdtempSync(join(tmpdir(), 'relay-doctor-'));
after(() => rmSync(folder, { recursive: true }));
const open: { close(): unknown }[] = [];
afterEach(() => open.splice(0).forEach((each) => void each.close()));

const configOf = (env: Record<string, string> = {}) => readConfig({ ...BASE, ...env }).config;
const statuses = (findings: readonly Finding[], id: string) =>
  findings.filter((each) => each.id === id).map(({ status }) => status);

async function listen<S extends Server>(server: S, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return (server.address() as AddressInfo).port;
}

/** Passes when exactly this was found; a fault must come with what to do. */
function assertFound(finding: Finding | undefined, status: Finding['status'], text: RegExp): void {
  assert.ok(finding, 'nothing was found');
  assert.equal(finding.status, status, finding.text);
  assert.match(finding.text, text);
  const fixed = status === 'failed' || (status === 'warning' && finding.id !== 'configuration');
  assert.equal(finding.fix !== null, fixed);
}

describe('configuration', () => {
  it('names each problem, and looks at nothing else', async () => {
    const findings = await examine({ HTTP_PORT: 'eighty' }, { name: null, clock: null });
    assert.deepEqual(
      findings.map(({ id, status }) => `${id} ${status}`),
      ['configuration failed', 'configuration failed', 'others skipped'],
    );
    assert.match(findings[0]?.text ?? '', /^HTTP_PORT: "eighty"/);
  });

  it('without a fault everything is looked at, and nothing is broken', async () => {
    const [http, media] = [await freePort(), await freePort(['127.0.0.1'])];
    const env = {
      ...BASE,
      HTTP_PORT: String(http),
      MEDIA_PORT: String(media),
      MEDIA_LISTEN_IPS: '127.0.0.1',
      ANNOUNCED_ADDRESS: '127.0.0.1',
    };
    const findings = await examine(env, { name: null, clock: null });
    assert.deepEqual(
      findings.filter(({ status }) => status === 'failed'),
      [],
    );
    for (const id of [
      'http-port',
      'media-port',
      'announced-address',
      'token-keys',
      'worker',
      'open-files',
      'socket-buffers',
    ])
      assert.ok(
        statuses(findings, id).some((status) => status !== 'skipped'),
        id,
      );
    assert.deepEqual(statuses(findings, 'announced-address'), ['ok', 'ok']);
  });
});

describe('ports', () => {
  it('finds a port that another program has', async () => {
    const port = await listen(createServer());
    const { http } = configOf({ HTTP_PORT: String(port) });
    assert.equal(await findRunning(http), false);
    assertFound((await checkHttpPorts(http, false))[0], 'failed', /in use by another program/);
  });

  it('knows a relay that runs, and that it must hold its media ports too', async () => {
    const answer: RequestListener = (_req, res) => void res.end('{"status":"ready"}');
    const { http, media } = configOf({
      HTTP_PORT: String(await listen(createHttpServer(answer))),
      MEDIA_PORT: String(await freePort()),
      MEDIA_LISTEN_IPS: '127.0.0.1',
    });
    assert.equal(await findRunning(http), true);
    assertFound((await checkHttpPorts(http, true))[0], 'ok', /taken, as it should be/);
    assertFound((await checkMediaPorts(media, true))[0], 'failed', /does not listen at/);
  });

  it('finds media ports that are taken, over either protocol', async () => {
    const udp = createSocket('udp4').bind(0, '127.0.0.1');
    await once(udp, 'listening');
    open.push(udp);
    for (const port of [udp.address().port, await listen(createServer())]) {
      const { media } = configOf({ MEDIA_PORT: String(port), MEDIA_LISTEN_IPS: '127.0.0.1' });
      assert.deepEqual(statuses(await checkMediaPorts(media, false), 'media-port').sort(), ['failed', 'ok']);
    }
  });

  it('finds an announced address that leads elsewhere', async () => {
    const env = { MEDIA_PORT: String(await freePort()), MEDIA_LISTEN_IPS: '127.0.0.1' };
    const right = await checkMediaPorts(configOf({ ...env, ANNOUNCED_ADDRESS: '127.0.0.1' }).media, false);
    assert.deepEqual(statuses(right, 'announced-address'), ['ok', 'ok']);
    const wrong = await checkMediaPorts(configOf({ ...env, ANNOUNCED_ADDRESS: '127.0.0.2' }).media, false);
    assert.deepEqual(statuses(wrong, 'announced-address'), ['failed', 'failed']);
    // From inside, an address of somebody else cannot be told from a router that leads nobody back.
    const other = await checkMediaPorts(configOf({ ...env, ANNOUNCED_ADDRESS: '192.0.2.7' }).media, false);
    assert.deepEqual(statuses(other, 'announced-address'), ['warning', 'warning']);
    assert.deepEqual(statuses(right, 'media-port'), ['ok', 'ok'], 'the ports are given back each time');
  });

  it('compares the announced address with what is seen outside', () => {
    const { media } = configOf({ ANNOUNCED_ADDRESS: '203.0.113.7' });
    assert.deepEqual(checkSeenAs(media, ['203.0.113.7', '127.0.0.1']), []);
    assertFound(checkSeenAs(media, ['198.51.100.9'])[0], 'warning', /seen outside as 198\.51\.100\.9/);
  });

  it('finds an address that this machine does not have', async () => {
    const { http, media } = configOf({ HOST: '192.0.2.250', MEDIA_LISTEN_IPS: '192.0.2.250', MEDIA_PORT: '31999' });
    assertFound((await checkHttpPorts(http, false))[0], 'failed', /no address of this machine/);
    assertFound((await checkMediaPorts(media, false))[0], 'failed', /no address of this machine/);
  });
});

describe('certificates', () => {
  let pair: { cert: string; key: string } = { cert: '', key: '' };
  let authority = '';
  before(async () => {
    const ca = await createCA({ organization: 'Test', countryCode: 'FR', state: 'x', locality: 'x', validity: 400 });
    authority = ca.cert;
    pair = await createCert({ ca, domains: ['relay.example.com'], validity: 90 });
  });
  const check = (cert: string, name: string | null = null, now = Date.now()) => {
    const files = { TLS_CERT_FILE: join(folder, 'cert.pem'), TLS_KEY_FILE: join(folder, 'key.pem') };
    writeFileSync(files.TLS_CERT_FILE, cert);
    writeFileSync(files.TLS_KEY_FILE, pair.key);
    return checkCertificate(configOf(files).http, name, now);
  };
  const DAY_MS = 86_400_000;

  it('says how many days are left, warns before the end, and finds the end', () => {
    const both = pair.cert + authority;
    assertFound(check(both)[0], 'ok', /good for (89|90) days/);
    assertFound(check(both, null, Date.now() + 80 * DAY_MS)[0], 'warning', /expires on/);
    assertFound(check(both, null, Date.now() + 91 * DAY_MS)[0], 'failed', /expired on/);
    assertFound(check(both, null, Date.now() - 30 * DAY_MS)[0], 'failed', /valid from/);
  });

  it('whose end is near is told of once, and a warning of the configuration alone says what to do itself', async () => {
    const ca = await createCA({ organization: 'Test', countryCode: 'FR', state: 'x', locality: 'x', validity: 400 });
    const soon = await createCert({ ca, domains: ['relay.example.com'], validity: 5 });
    const files = { TLS_CERT_FILE: join(folder, 'soon.pem'), TLS_KEY_FILE: join(folder, 'soon.key') };
    writeFileSync(files.TLS_CERT_FILE, soon.cert + ca.cert);
    writeFileSync(files.TLS_KEY_FILE, soon.key);
    const ports = {
      HTTP_PORT: String(await freePort()),
      HTTPS_PORT: String(await freePort()),
      MEDIA_PORT: String(await freePort(['127.0.0.1'])),
    };
    const env = {
      ...BASE,
      ...ports,
      ...files,
      MEDIA_LISTEN_IPS: '127.0.0.1',
      ANNOUNCED_ADDRESS: '127.0.0.1',
      LOG_FILES_KEPT: '3',
    };
    const findings = await examine(env, { name: null, clock: null });
    assert.deepEqual(
      findings.filter(({ text }) => text.includes('expires on')).map(({ id }) => id),
      ['certificate'],
    );
    const told = findings.filter(({ id }) => id === 'configuration');
    assert.ok(told.some(({ text }) => text.startsWith('LOG_FILES_KEPT: has no effect')));
    for (const finding of told) assertFound(finding, 'warning', /: /);
  });

  it('finds a chain that is cut, in disorder, or of an authority that nobody knows', async () => {
    assertFound(check(pair.cert)[1], 'failed', /alone, without who signed it/);
    assertFound(check(pair.cert + authority)[1], 'warning', /no authority that this machine knows/);
    const stranger = await createCA({
      organization: 'Other',
      countryCode: 'FR',
      state: 'x',
      locality: 'x',
      validity: 400,
    });
    assertFound(check(pair.cert + stranger.cert)[1], 'failed', /certificate 2 did not sign certificate 1/);
  });

  it('finds that it is for another name', () => {
    const both = pair.cert + authority;
    assertFound(check(both, 'relay.example.com')[2], 'ok', /is for relay/);
    assertFound(check(both, 'live.example.com')[2], 'failed', /is not for live\.example\.com, but for DNS:relay/);
  });
});

describe('token keys', () => {
  const auth = (url: string, more: Record<string, string> = {}) => readConfig({ JWKS_URL: url, ...more }).config.auth;
  const serve = async (answer: RequestListener) =>
    `http://127.0.0.1:${await listen(createHttpServer(answer))}/jwks.json`;

  it('of a key set that is there, away, ill, or for other algorithms', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const jwk = {
      ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
      kid: 'a',
      use: 'sig',
    };
    const url = await serve((_req, res) => void res.end(JSON.stringify({ keys: [jwk] })));
    assertFound(await checkKeys(auth(url)), 'ok', /1 of its 1 keys can be used/);
    assertFound(await checkKeys(auth(url, { JWT_ALGORITHMS: 'RS256' })), 'failed', /none of them for RS256/);
    assertFound(
      await checkKeys(auth(await serve((_req, res) => void res.writeHead(503).end()))),
      'failed',
      /answered 503/,
    );
    assertFound(
      await checkKeys(auth(await serve((_req, res) => void res.end('<html>')))),
      'failed',
      /cannot be fetched/,
    );
    assertFound(await checkKeys(auth('http://127.0.0.1:1/jwks.json')), 'failed', /ECONNREFUSED|bad port/);
  });
});

describe('clock', () => {
  const dated = async (ms: number) => {
    const answer: RequestListener = (_req, res) => void res.setHeader('date', new Date(ms).toUTCString()).end();
    return new URL(`http://127.0.0.1:${await listen(createHttpServer(answer))}`);
  };

  it('is compared with the Date of a server', async () => {
    assertFound(await checkClock({ url: await dated(Date.now()), toleranceS: 5 }), 'ok', /The clock is [01]\.\d s/);
    const behind = await checkClock({ url: await dated(Date.now() + 60_000), toleranceS: 5 });
    assertFound(behind, 'failed', /(59|60)\.\d s behind/);
    assertFound(await checkClock({ url: await dated(Date.now() - 60_000), toleranceS: 5 }), 'failed', /ahead of/);
    assertFound(await checkClock({ url: await dated(Date.now() + 60_000), toleranceS: 120 }), 'ok', /behind/);
  });

  it('is compared with a server of NTP', async () => {
    const server = createSocket('udp4').bind(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(server);
    let wrongS = 0;
    server.on('message', (_packet, { port, address }) => {
      const answer = Buffer.alloc(48);
      answer[0] = 0b00_100_100;
      answer[1] = 1;
      for (const at of [32, 40]) answer.writeUInt32BE(Math.floor(Date.now() / 1000) + 2_208_988_800 + wrongS, at);
      server.send(answer, port, address);
    });
    const url = new URL(`ntp://127.0.0.1:${server.address().port}`);
    assertFound(await checkClock({ url, toleranceS: 5 }), 'ok', /The clock is [01]\.\d s/);
    wrongS = -3600;
    assertFound(await checkClock({ url, toleranceS: 5 }), 'failed', /3[56]\d\d\.\d s ahead of/);
  });

  it('cannot be compared with nothing', async () => {
    assertFound(await checkClock({ url: null, toleranceS: 5 }), 'skipped', /nothing to compare/);
    assertFound(
      await checkClock({ url: new URL('http://127.0.0.1:1'), toleranceS: 5 }),
      'warning',
      /could not be compared/,
    );
  });
});

describe('other servers that are away', () => {
  it('Redis', async () => {
    const { cluster } = configOf({
      CLUSTER_URL: `redis://127.0.0.1:${await freePort()}`,
      CLUSTER_SECRET: 'q'.repeat(16) + BASE.JWT_SECRET,
    });
    assertFound(await checkRedis(cluster), 'failed', /ECONNREFUSED/);
  });

  it('STUN and TURN, over UDP and TCP', async () => {
    const port = await freePort();
    const urls = ['udp', 'tcp'].map((transport) => `turn:127.0.0.1:${port}?transport=${transport}`).join(',');
    const { ice } = configOf({ TURN_URLS: urls, TURN_SECRET: 'x7Hq2Lw9Vb4Nc8Zt', STUN_URLS: `stun:127.0.0.1:${port}` });
    const { findings } = await checkIce(ice);
    assertFound(findings[0], 'warning', /ECONNREFUSED/);
    assertFound(findings[1], 'failed', /ECONNREFUSED/);
    assertFound(findings[2], 'failed', /ECONNREFUSED/);
  });
});

describe('places that are written to', () => {
  const log = (path: string) => ({ path, maxBytes: 10_000, keep: 3 });
  it('are looked at before the relay needs them, and nothing is made', () => {
    const root = join(folder, 'not-yet', 'audit');
    assertFound(checkLogFile(null), 'skipped', /LOG_FILE is not set/);
    assertFound(checkAuditFolder(null), 'skipped', /AUDIT_DIR is not set/);
    assertFound(checkLogFile(log(join(folder, 'relay.log'))), 'ok', /can be written; \d+ MiB are free/);
    assertFound(checkAuditFolder({ root, chain: 'one' }, 0), 'ok', /not-yet\/audit\/one \(AUDIT_DIR\) can be written/);
    assert.ok(!existsSync(join(folder, 'not-yet')));
  });

  it('a place that cannot be one, and one without room', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    assertFound(checkLogFile(log(join(file, 'relay.log'))), 'failed', /file is no folder/);
    assertFound(checkLogFile(log(folder)), 'failed', /is no file/);
    assertFound(checkAuditFolder({ root: file, chain: 'one' }), 'failed', /AUDIT_DIR\) cannot be written/);
    assertFound(checkLogFile(log(join(folder, 'relay.log')), Number.POSITIVE_INFINITY), 'warning', /MiB are free/);
  });
});

describe('limits', () => {
  it('of files and of buffers', () => {
    assertFound(checkOpenFiles(configOf().http, 1024), 'warning', /room for 960 of the 10000/);
    assertFound(checkOpenFiles(configOf().http, 65_536), 'ok', /room for all 10000/);
    assertFound(
      checkSocketBuffers([{ setting: 'net.core.rmem_max', bytes: 212_992 }]),
      'warning',
      /rmem_max is 212992/,
    );
    assertFound(checkSocketBuffers([]), 'ok', /buffers/);
  });
});
