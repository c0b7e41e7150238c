/** Caddy, with the kit's Caddyfile: read, and on loopback without TLS before something that answers in the relay's place. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ChildProgram } from '../harness/child-program.ts';
import { freePort } from '../harness/network/free-port.ts';
import { inRoot, readEnv, readKit, run, without } from './kits.ts';

const { SITE_NAME = '', ACME_EMAIL = '' } = readEnv(readKit('compose/.env.example'));

describe('Caddy of the Compose kit', { skip: without('caddy') }, () => {
  let folder: string;
  let relay: Server;
  let port: number;
  let caddy: ChildProgram;
  let last: IncomingMessage | null = null;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prospect-kit-caddy-'));
    relay = createServer((req, res) => {
      last = req;
      res.end('from the relay');
    });
    relay.on('upgrade', (req, socket) => {
      last = req;
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    });
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const address = relay.address();
    const behind = typeof address === 'object' ? address?.port : 0;
    port = await freePort();
    const file = join(folder, 'Caddyfile');
    const own = readKit('compose/Caddyfile')
      .replace('127.0.0.1:8080', `127.0.0.1:${behind}`)
      .replace('{\n\temail', '{\n\tdefault_bind 127.0.0.1\n\tauto_https off\n\temail');
    writeFileSync(file, own);
    const env = { SITE_NAME: `http://127.0.0.1:${port}`, ACME_EMAIL, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const args = [...words, 'caddy', 'run', '--adapter', 'caddyfile', '--config', file];
    caddy = await ChildProgram.start('env', args, async () => (await ask('/')).status === 200);
  });
  after(async () => {
    await caddy?.kill();
    relay?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number }>((resolve) => {
      last = null;
      // As it is: fetch would tidy the path first.
      const asked = request({ host: '127.0.0.1', port, path, headers }, (res) => {
        res.resume();
        resolve({ status: res.statusCode ?? 0 });
      });
      asked.on('upgrade', (res, socket) => {
        socket.destroy();
        resolve({ status: res.statusCode ?? 0 });
      });
      asked.on('error', () => resolve({ status: 0 }));
      asked.end();
    });

  it('takes the file, in its own form', () => {
    const file = inRoot('deploy', 'compose', 'Caddyfile');
    const env = { SITE_NAME, ACME_EMAIL, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    const { status, output } = run('caddy', ['validate', '--adapter', 'caddyfile', '--config', file], env);
    assert.equal(status, 0, output);
    assert.match(output, /Valid configuration/);
    assert.doesNotMatch(output, /warn/i);
    assert.equal(run('caddy', ['fmt', file]).output, readKit('compose/Caddyfile'));
  });

  it('gets a certificate for the name by itself', () => {
    const env = { SITE_NAME, ACME_EMAIL };
    const { output } = run('caddy', ['adapt', '--config', inRoot('deploy', 'compose', 'Caddyfile')], env);
    const { apps, admin } = JSON.parse(output.slice(output.indexOf('{"admin"')));
    assert.deepEqual(admin, { disabled: true });
    const [policy] = apps.tls.automation.policies;
    assert.deepEqual(policy.subjects, [SITE_NAME]);
    assert.equal(policy.issuers[0].email, ACME_EMAIL);
    assert.deepEqual(apps.http.servers.srv0.listen, [':443']);
  });

  it('leads pages to the relay, with the address that they came from and no other', async () => {
    for (const path of ['/socket.io/?EIO=4', '/n/a/socket.io/', '/widgets/prospect-live.js', '/health/ready']) {
      assert.equal((await ask(path, { 'X-Forwarded-For': '203.0.113.66' })).status, 200, path);
      assert.equal(last?.url, path);
      assert.equal(last?.headers['x-forwarded-for'], '127.0.0.1');
    }
  });

  it('passes WebSockets on', async () => {
    const answer = await ask('/socket.io/', { Connection: 'Upgrade', Upgrade: 'websocket' });
    assert.equal(answer.status, 101);
    assert.equal(last?.headers.upgrade, 'websocket');
  });

  it('closes metrics and administration, however they are written', async () => {
    const inside = [
      '/metrics',
      '/Metrics',
      '/metrics/',
      '/admin/drain',
      '/ADMIN/',
      '/n/a/metrics',
      '/n/a/admin/x',
      '//metrics',
    ];
    for (const path of [...inside, '/%6detrics', '/x/../metrics']) {
      assert.equal((await ask(path)).status, 404, path);
      assert.equal(last, null, path);
    }
  });
});
