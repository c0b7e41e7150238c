import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { connect as connectTcp, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { connect } from 'node:tls';
import { createCA, createCert } from 'mkcert';
import type { HttpConfig } from '../config/shape.ts';
import { DoorCounts } from '../doors/door-counts.ts';
import { createLogger } from '../logger.ts';
import { StartError } from '../start-error.ts';
import { HttpServers, type HttpTimes } from './http-servers.ts';
import { ask } from './testing/http-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'relay-tls-'));
const certFile = join(folder, 'cert.pem');
const keyFile = join(folder, 'key.pem');
const files = { certFile, keyFile };
const logger = createLogger('silent');
const hello: RequestListener = (_req, res) => void res.end('hello');

let pairs: readonly { readonly cert: string; readonly key: string }[] = [];

/** Puts one of the certificates where the relay reads it. */
function install(which: 0 | 1): void {
  writeFileSync(certFile, pairs[which]?.cert ?? '');
  writeFileSync(keyFile, pairs[which]?.key ?? '');
}

before(async () => {
  const ca = await createCA({ organization: 'Test', countryCode: 'FR', state: 'x', locality: 'x', validity: 2 });
  const make = () => createCert({ ca, domains: ['localhost', '127.0.0.1'], validity: 1 });
  pairs = [await make(), await make()];
  install(0);
});
after(() => rmSync(folder, { recursive: true }));

const running: HttpServers[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((servers) => servers.close()));
});

async function listen(changes: Partial<HttpConfig> = {}, handler = hello, times?: HttpTimes): Promise<HttpServers> {
  const https = { port: 0, certFile, keyFile };
  const base: HttpConfig = {
    host: '127.0.0.1',
    httpPort: 0,
    https,
    hstsMaxAgeS: 0,
    allowedOrigins: ['*'],
    trustedProxies: 0,
    widgetsDir: folder,
    maxSockets: 1_000,
    socketsPerAddress: 1_000,
    metrics: { host: '127.0.0.1', port: null, public: false, token: null },
  };
  const servers = await HttpServers.listen({ ...base, ...changes }, handler, logger, new DoorCounts(), times);
  running.push(servers);
  return servers;
}

/** The fingerprint of the certificate that a new connection gets; an error's code when it gets none. */
function handshake(
  port: number | undefined,
  options: { maxVersion?: 'TLSv1.1'; minVersion?: 'TLSv1' } = {},
): Promise<string> {
  return new Promise((resolve) => {
    const ciphers = options.maxVersion ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {};
    const socket = connect(
      { host: '127.0.0.1', port: port ?? 0, rejectUnauthorized: false, ...ciphers, ...options },
      () => {
        resolve(socket.getPeerCertificate().fingerprint256);
        socket.destroy();
      },
    );
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

describe('HttpServers', () => {
  it('answers over HTTP and HTTPS with one handler', async () => {
    const { addresses, servers } = await listen();
    assert.equal(servers.length, 2);
    assert.equal((await ask(`http://127.0.0.1:${addresses.http}`)).text, 'hello');
    assert.equal((await ask(`https://127.0.0.1:${addresses.https}`, { rejectUnauthorized: false })).text, 'hello');
  });

  it('has only what is configured', async () => {
    assert.deepEqual(Object.keys((await listen({ https: null })).addresses), ['http']);
    assert.deepEqual(Object.keys((await listen({ httpPort: null })).addresses), ['https']);
  });

  it('speaks TLS 1.2 and newer only', async () => {
    const { addresses } = await listen();
    assert.match(
      await handshake(addresses.https, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }),
      /ALERT|VERSION|PROTOCOL/i,
    );
    assert.match(await handshake(addresses.https), /^[0-9A-F:]{95}$/);
  });

  it('ends connections that begin nothing: no TLS, no request, half a head, no next request, no ending', async () => {
    const times = {
      tlsHandshakeMs: 300,
      headersMs: 300,
      requestMs: 600,
      checkEveryMs: 50,
      keepAliveMs: 300,
      stallMs: 300,
    };
    const servers = await listen({}, hello, times);
    const { http = 0, https = 0 } = servers.addresses;
    const whole = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
    const ends = [
      [https, ''],
      [https, '\x16\x03\x01'],
      [http, ''],
      [http, 'GET / HTTP/1.1\r\nHost:'],
      [http, whole],
      [http, `${whole}GET`],
      [http, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1'],
    ] as const;
    await Promise.all(
      ends.map(async ([port, text]) => {
        const socket = connectTcp(port, '127.0.0.1');
        socket.on('error', () => {}).resume();
        socket.write(text);
        const closed = new Promise((resolve) => socket.once('close', resolve));
        assert.notEqual(await Promise.race([closed, setTimeout(8_000, 'open')]), 'open', `${port} ${text}`);
      }),
    );
  });

  it('counts connections over TLS too, and lets requests over them go on while others give way', async () => {
    const servers = await listen({ maxSockets: 10, socketsPerAddress: 3 }, (_req, res) => {
      void setTimeout(300).then(() => res.end('late'));
    });
    const { https } = servers.addresses;
    const late = ask(`https://127.0.0.1:${https}`, { rejectUnauthorized: false });
    await setTimeout(150);
    const silent = Array.from({ length: 10 }, () => connectTcp(https ?? 0, '127.0.0.1').on('error', () => {}));
    assert.equal((await late).text, 'late');
    for (const socket of silent) socket.destroy();
  });

  it('says which port is taken and by which variable, and leaves nothing open', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const address = blocker.address();
    assert(typeof address === 'object' && address !== null);
    const { port } = address;
    try {
      await assert.rejects(listen({ httpPort: port }), (error) => {
        assert(error instanceof StartError);
        assert.match(error.message, new RegExp(`^Port ${port} \\(HTTP_PORT\\) is in use`));
        return true;
      });
      await assert.rejects(
        listen({ https: { ...files, port } }),
        new RegExp(`Port ${port} \\(HTTPS_PORT\\) is in use`),
      );
    } finally {
      blocker.close();
    }
  });

  it('takes a new certificate when asked to, for new connections', async () => {
    const servers = await listen();
    const { https } = servers.addresses;
    const before = await handshake(https);
    install(1);
    await servers.reloadCertificate();
    const afterwards = await handshake(https);
    assert.notEqual(afterwards, before);
    writeFileSync(keyFile, 'broken');
    await servers.reloadCertificate();
    assert.equal(await handshake(https), afterwards, 'a pair that cannot be used changes nothing');
    install(0);
  });

  it('knows until when the certificate is valid, and nothing without one', async () => {
    const { certificateExpiry } = await listen();
    assert.ok(
      certificateExpiry !== null && certificateExpiry > Date.now() && certificateExpiry < Date.now() + 3 * 86_400_000,
    );
    assert.equal((await listen({ https: null })).certificateExpiry, null);
  });

  it('lets a page in that comes with many cookies, and says in words what is too much', async () => {
    const { addresses } = await listen({ https: null });
    const url = `http://127.0.0.1:${addresses.http}`;
    const cookies = (bytes: number) => ({ headers: { cookie: `a=${'x'.repeat(bytes)}` } });
    assert.equal((await ask(url, cookies(50_000))).text, 'hello');
    const refused = await ask(url, cookies(70_000));
    assert.equal(refused.status, 431);
    assert.match(refused.text, /"code":"header_too_large","message":".*65536 bytes.*cookies/);
  });

  it('closes once, cutting answers that do not end', async () => {
    const servers = await listen({ https: null }, (_req, res) => void res.write('never done'));
    const { http } = servers.addresses;
    const answer = ask(`http://127.0.0.1:${http}`).catch((error: NodeJS.ErrnoException) => error.code);
    await setTimeout(50);
    await Promise.all([servers.close(), servers.close()]);
    assert.equal(await answer, 'ECONNRESET');
    assert.deepEqual(servers.addresses, {});
  });

  it('closes also when whoever shares a server closed it already', async () => {
    const servers = await listen();
    for (const server of servers.servers) server.close();
    await servers.close();
  });
});
