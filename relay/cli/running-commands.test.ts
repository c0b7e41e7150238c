import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { renderHelp } from '../config/help.ts';
import { readConfig } from '../config.ts';
import { COMMAND_NAMES, findCommand } from './commands.ts';
import { NoAnswerError, RunningRelay } from './running-relay.ts';
import { UsageError } from './usage-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'relay-commands-'));
after(() => rmSync(folder, { recursive: true }));
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Runs a command in this process. */
async function run(name: string, ...args: string[]) {
  let out = '';
  let err = '';
  const command = await findCommand(name);
  const code = await command.run(args, { out: (text) => (out += text), err: (text) => (err += text) });
  return { code, out, err };
}

/** A stand-in for a relay that answers each path with a status and JSON, and what it was asked. */
async function standIn(answers: Record<string, readonly [status: number, body: unknown]>) {
  const asked: string[] = [];
  const answer: RequestListener = (req, res) => {
    asked.push(`${req.method} ${req.url} ${req.headers.authorization ?? '-'}`);
    const [status, body] = answers[req.url ?? ''] ?? [404, { error: { code: 'not_found', message: 'Nothing here.' } }];
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  return { url: `http://127.0.0.1:${await listen(createServer(answer))}`, asked, answer };
}

/** A certificate that it has signed itself. @returns its files */
function makeCertificate(name: string) {
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '9', '-subj'].concat([
      `/CN=${name}.example`,
      '-out',
      files.cert,
      '-keyout',
      files.key,
    ]),
    { stdio: 'ignore' },
  );
  return files;
}

describe('commands', () => {
  it('are all in the help, and each has one of its own that changes nothing', async () => {
    for (const name of COMMAND_NAMES) {
      assert.match(renderHelp('1.0.0'), new RegExp(`^  ${name}  `, 'm'));
      const { code, out, err } = await run(name, '--help');
      assert.deepEqual([code, err], [0, ''], name);
      assert.ok(out.length > 100, name);
    }
  });

  it('refuse what they do not know', async () => {
    for (const name of COMMAND_NAMES.filter((each) => each !== 'load')) {
      for (const args of [['--no-such'], ['word']]) {
        await assert.rejects(
          run(name, ...args),
          (error) => error instanceof UsageError && error.message.includes(name),
        );
      }
    }
    await assert.rejects(async () => findCommand('constructor'), UsageError);
  });

  it('load was made by nobody', async () => {
    const { code, out, err } = await run('load', '--streams', '20');
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /npm run load/);
  });
});

describe('status', () => {
  const COUNTS = { active_commercials: 3, total_listeners: 5 };

  it('of a relay that is ready', async () => {
    const { url } = await standIn({
      '/health/ready': [200, { status: 'ready' }],
      '/api/streaming/status': [200, COUNTS],
    });
    assert.deepEqual(await run('status', '--url', url), { code: 0, out: 'ready\nstreams: 3\nlisteners: 5\n', err: '' });
    const { out } = await run('status', '--url', url, '--json');
    assert.deepEqual(JSON.parse(out), { ready: true, reasons: [], ...COUNTS });
  });

  it('below a path of a proxy, and of a whole cluster', async () => {
    const nodes = [{ id: 'a', active_commercials: 3, total_listeners: 5, draining: true }];
    const { url } = await standIn({
      '/live/health/ready': [200, { status: 'ready' }],
      '/live/api/streaming/status': [200, { ...COUNTS, complete: false, nodes }],
    });
    const { code, out } = await run('status', '--url', `${url}/live/`);
    assert.equal(code, 0);
    assert.match(out, /^node a: 3 streams, 5 listeners, draining$/m);
    assert.match(out, /there may be more/);
  });

  it('of one that starts, of something else, and of nothing', async () => {
    const starting = await standIn({ '/health/ready': [503, { status: 'not_ready', reasons: ['starting'] }] });
    assert.deepEqual(await run('status', '--url', starting.url), { code: 1, out: 'not ready: starting\n', err: '' });
    const other = await standIn({});
    const { code, err } = await run('status', '--url', other.url);
    assert.equal(code, 1);
    assert.match(err, /is no relay/);
    const nobody = await run('status', '--url', 'http://127.0.0.1:1', '--json');
    assert.equal(nobody.code, 1);
    assert.deepEqual(JSON.parse(nobody.out).reasons, ['no_answer']);
    assert.match(nobody.out, /ECONNREFUSED/);
  });

  it('needs an address that can be one', async () => {
    await assert.rejects(run('status', '--url', 'relay.example.com'), UsageError);
    await assert.rejects(run('status', '--url', 'ftp://lea:hunter2@relay.example.com'), (error) => {
      assert.ok(error instanceof UsageError && error.message.includes('relay.example.com'));
      return !error.message.includes('hunter2');
    });
  });

  it('shows what a relay says of itself in lines that it cannot begin, and without doing anything to the terminal', async () => {
    const nodes = [{ id: 'a\nready\u001b[2J', active_commercials: 3, total_listeners: 5, draining: false }];
    const { url } = await standIn({
      '/health/ready': [503, { status: 'not_ready', reasons: ['x\u009b1m\nready'] }],
      '/api/streaming/status': [200, { ...COUNTS, complete: true, nodes }],
    });
    const { out } = await run('status', '--url', url);
    assert.deepEqual(out.split('\n').slice(0, 1), ['not ready: x\\u009b1m\\u000aready']);
    assert.match(out, /^node a\\u000aready\\u001b\[2J: 3 streams/m);
  });

  it('names NODE_EXTRA_CA_CERTS where nobody knows who signed the certificate', async () => {
    const { cert, key } = makeCertificate('private');
    const tls = { cert: readFileSync(cert), key: readFileSync(key) };
    const port = await listen(createTlsServer(tls, () => assert.fail('it was asked all the same')));
    const { code, err } = await run('status', '--url', `https://127.0.0.1:${port}`);
    assert.equal(code, 1);
    assert.match(err, /NODE_EXTRA_CA_CERTS/);
  });
});

describe('drain', () => {
  const TOKEN = 'a-long-random-value';
  const withToken = async (url: string, ...more: string[]) => {
    process.env.METRICS_TOKEN = TOKEN;
    try {
      return await run('drain', '--url', url, ...more);
    } finally {
      delete process.env.METRICS_TOKEN;
    }
  };

  it('asks with the token, and says that the relay does so', async () => {
    const answer = { status: 'draining', sessions: 12, moving: true, within_ms: 59_100 };
    const { url, asked } = await standIn({ '/admin/drain': [202, answer] });
    const { code, out } = await withToken(url);
    assert.equal(code, 0);
    assert.match(out, /takes no new pages, and stops: 12 pages go over to other relays, within 60 s/);
    assert.deepEqual(asked, [`POST /admin/drain Bearer ${TOKEN}`]);
    assert.equal((await withToken(url, '--json')).out, `${JSON.stringify(answer)}\n`);
    const alone = await standIn({ '/admin/drain': [202, { ...answer, moving: false, within_ms: 0 }] });
    assert.match((await withToken(alone.url)).out, /stops: now/);
  });

  it('says why it was refused, and never the token', async () => {
    const { url } = await standIn({
      '/admin/drain': [401, { error: { code: 'token_signature_invalid', message: 'Wrong.' } }],
    });
    const { code, out, err } = await withToken(url);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /answered 401: Wrong\. \(token_signature_invalid\)/);
    assert.ok(!err.includes(TOKEN));
  });

  it('asks the host of the URL alone, whatever its path begins or ends with', async () => {
    const { url, asked } = await standIn({});
    for (const path of ['//', '//127.0.0.1:1/live', '/live//', '/live/?to=/x#y']) await withToken(url + path);
    const paths = ['', '//127.0.0.1:1/live', '/live', '/live'];
    assert.deepEqual(
      asked,
      paths.map((path) => `POST ${path}/admin/drain Bearer ${TOKEN}`),
    );
  });

  it('prints JSON with a code however it ends', async () => {
    const codeOf = ({ code, out, err }: Awaited<ReturnType<typeof run>>) => {
      assert.deepEqual([code, err], [1, '']);
      return JSON.parse(out).error.code;
    };
    const refusing = await standIn({
      '/admin/drain': [401, { error: { code: 'token_signature_invalid', message: 'Wrong.' } }],
    });
    assert.equal(codeOf(await withToken(refusing.url, '--json')), 'token_signature_invalid');
    assert.equal(
      codeOf(await withToken((await standIn({ '/admin/drain': [200, 'hello'] })).url, '--json')),
      'no_relay',
    );
    assert.equal(codeOf(await withToken('http://127.0.0.1:1', '--json')), 'no_answer');
    assert.equal(codeOf(await withToken('http://relay.invalid', '--json')), 'insecure');
    assert.equal(codeOf(await run('drain', '--url', refusing.url, '--json')), 'no_token');
  });

  it('sends the token to another machine without TLS only when told to', async () => {
    for (const url of ['http://192.0.2.1', 'http://relay.invalid:8080', 'http://127.0.0.1.relay.invalid']) {
      const { code, err } = await withToken(url);
      assert.equal(code, 1);
      assert.match(err, /can be read on the way: use https:\/\/.*--insecure/);
      assert.ok(!err.includes(TOKEN));
    }
    assert.match((await withToken('http://relay.invalid', '--insecure')).err, /^No answer from/);
    const { asked, url } = await standIn({});
    await withToken(url.replace('127.0.0.1', 'localhost'));
    await withToken(url);
    assert.ok(asked.length >= 1);
  });

  it('asks nobody without a token', async () => {
    const { url, asked } = await standIn({ '/admin/drain': [202, {}] });
    const { code, err } = await run('drain', '--url', url);
    assert.equal(code, 1);
    assert.match(err, /METRICS_TOKEN is not set/);
    assert.deepEqual(asked, []);
  });
});

describe('the relay on this machine', () => {
  const config = (env: Record<string, string>) => readConfig({ JWT_SECRET: 'x'.repeat(40), ...env }).config.http;

  it('is asked over plain HTTP where it can be, at an address that can be reached', () => {
    const urlOf = (env: Record<string, string>) => RunningRelay.onThisMachine(config(env))?.url.href ?? null;
    assert.equal(urlOf({}), 'http://127.0.0.1:8080/');
    assert.equal(urlOf({ HOST: '::', HTTP_PORT: '81' }), 'http://[::1]:81/');
    assert.equal(urlOf({ HOST: '127.0.0.2' }), 'http://127.0.0.2:8080/');
    assert.equal(urlOf({ HTTP_PORT: '0' }), null);
  });

  it('over TLS is known by its certificate, and told nothing when that is another', async () => {
    const [own, other] = [makeCertificate('own'), makeCertificate('other')];
    const { answer, asked } = await standIn({ '/health/ready': [200, { status: 'ready' }] });
    const tls = { cert: readFileSync(own.cert), key: readFileSync(own.key) };
    const port = String(await listen(createTlsServer(tls, answer)));
    const relayWith = ({ cert, key }: typeof own) => {
      const http = config({
        HTTP_PORT: 'off',
        HTTPS_PORT: port,
        HOST: '127.0.0.1',
        TLS_CERT_FILE: cert,
        TLS_KEY_FILE: key,
      });
      return RunningRelay.onThisMachine(http) ?? assert.fail('no relay');
    };
    assert.equal(new X509Certificate(tls.cert).subject, 'CN=own.example');
    assert.equal((await relayWith(own).ask('GET', '/health/ready')).status, 200);
    assert.equal(asked.length, 1);
    await assert.rejects(
      relayWith(other).ask('POST', '/admin/drain', { authorization: 'Bearer x' }),
      (error) => error instanceof NoAnswerError && /another certificate/.test(error.message),
    );
    assert.equal(asked.length, 1);
  });
});
