import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import jwt from 'jsonwebtoken';
import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import { freePort } from '../test/harness/network/free-port.ts';
import { renderHelp } from './config/help.ts';
import { ask } from './http/testing/http-client.ts';
import { readPackageInfo } from './package-info.ts';

const SECRET = 'the secret of these tests, 32 bytes or more';
const MAIN = join(import.meta.dirname, 'main.ts');
// Of its own, so that no .env file of the working directory is read.
const folder = mkdtempSync(join(tmpdir(), 'relay-main-'));
after(() => rmSync(folder, { recursive: true }));

/** A relay's process, with what it wrote. */
class RelayProcess {
  readonly child: ChildProcess;
  output = '';
  readonly exit: Promise<{ code: number | null; signal: string | null }>;

  constructor(env: Record<string, string>, args: readonly string[] = []) {
    const { PATH = '', MEDIASOUP_WORKER_BIN } = process.env;
    const worker = MEDIASOUP_WORKER_BIN === undefined ? {} : { MEDIASOUP_WORKER_BIN };
    this.child = spawn(process.execPath, [MAIN, ...args], {
      cwd: folder,
      env: { PATH, ...worker, HTTP_PORT: '0', MEDIA_PORT: '0', MEDIA_WORKERS: '1', HOST: '127.0.0.1', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (data) => (this.output += data));
    // Not the event "close", which does not come after an IPC channel that this side closed.
    const ended = [this.child.stdout, this.child.stderr].map(
      (stream) => new Promise((resolve) => stream?.once('close', resolve)),
    );
    this.exit = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => void Promise.all(ended).then(() => resolve({ code, signal })));
    });
  }

  /** The ports, once it is ready. */
  async ready(): Promise<{ http: number; metrics: number }> {
    const message = new Promise<unknown>((resolve) => this.child.once('message', resolve));
    const first = await Promise.race([message, this.exit.then(() => null)]);
    assert.notEqual(first, null, `the relay ended: ${this.output}`);
    return z.object({ type: z.literal('ready'), http: z.number(), metrics: z.number() }).parse(first);
  }
}

const processes: RelayProcess[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  for (const { child } of processes) child.kill('SIGKILL');
  await Promise.all(processes.splice(0).map(({ exit }) => exit));
});

function start(env: Record<string, string> = { JWT_SECRET: SECRET }, args: readonly string[] = []): RelayProcess {
  const relay = new RelayProcess(env, args);
  processes.push(relay);
  return relay;
}

function connect(port: number, auth: Record<string, unknown>): Socket {
  const socket = io(`http://127.0.0.1:${port}`, {
    auth,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  sockets.push(socket);
  return socket;
}

function token(claims: object = { sub: 'c-1', role: 'commercial', name: 'Anna', equipe: 'nord' }): string {
  return jwt.sign(claims, SECRET, { expiresIn: 60 });
}

describe('the relay process', () => {
  it('starts, says its real port, and serves HTTP and signalling on it', async () => {
    const { http, metrics } = await start().ready();
    assert.equal((await ask(`http://127.0.0.1:${http}/health`)).text, '{"status":"ok"}');
    assert.equal((await ask(`http://127.0.0.1:${http}/health/ready`)).status, 200);

    const socket = connect(http, { token: token() });
    const greeting = await new Promise<unknown>((resolve) => socket.once('session:ready', resolve));
    const { relayVersion, user } = z
      .object({ relayVersion: z.string(), user: z.object({ id: z.string() }) })
      .parse(greeting);
    assert.equal(relayVersion, readPackageInfo().version);
    assert.equal(user.id, 'c-1');
    const { text } = await ask(`http://127.0.0.1:${metrics}/metrics`);
    assert.equal((await ask(`http://127.0.0.1:${http}/metrics`)).status, 404, 'not for the outside');
    assert.match(text, /^prospect_relay_sessions 1$/m);
    assert.match(text, /^prospect_relay_connections 1$/m);
    assert.match(text, /^prospect_relay_workers 1$/m);

    const admin = token({ sub: 'a-1', role: 'admin', name: 'Bruno', equipes: ['nord'] });
    const status = await ask(`http://127.0.0.1:${http}/api/streaming/status`, {
      headers: { authorization: `Bearer ${admin}` },
    });
    const { commercials } = z
      .object({ commercials: z.array(z.object({ commercial_id: z.string() })) })
      .parse(status.json());
    assert.deepEqual(commercials, [{ commercial_id: 'c-1' }]);
  });

  it('refuses a handshake without a good token, with the code', async () => {
    const { http } = await start().ready();
    for (const [auth, code] of [
      [{}, 'token_missing'],
      [{ token: `${token()}x` }, 'token_signature_invalid'],
    ] as const) {
      const socket = connect(http, auth);
      const error = await new Promise<unknown>((resolve) => socket.once('connect_error', resolve));
      assert(error instanceof Error && 'data' in error);
      assert.equal(z.object({ code: z.string() }).parse(error.data).code, code);
    }
  });

  it('tells the pages when it is asked to stop, and ends with code 0 within 5 seconds', async () => {
    const relay = start();
    const { http } = await relay.ready();
    const socket = connect(http, { token: token() });
    await new Promise((resolve) => socket.once('session:ready', resolve));
    const told = new Promise((resolve) => socket.once('relay:draining', resolve));
    const dropped = new Promise((resolve) => socket.once('disconnect', resolve));
    const before = performance.now();
    relay.child.kill('SIGTERM');
    await told;
    await dropped;
    assert.deepEqual(await relay.exit, { code: 0, signal: null });
    assert.ok(performance.now() - before < 5000);
    assert.match(relay.output, /"msg":"relay stopped"/);
  });

  it('takes signals that come together for one, as npm and a terminal send them', async () => {
    const relay = start();
    await relay.ready();
    relay.child.kill('SIGINT');
    relay.child.kill('SIGTERM');
    assert.deepEqual(await relay.exit, { code: 0, signal: null });
  });

  it('starts with an IPv4 and an IPv6 address announced together', async () => {
    const both = { ANNOUNCED_ADDRESS: '192.0.2.7,2001:db8::7', MEDIA_PORT: String(await freePort(['0.0.0.0'], 4)) };
    const relay = start({ JWT_SECRET: SECRET, ...both });
    await relay.ready();
    relay.child.kill('SIGTERM');
    await relay.exit;
    assert.match(relay.output, /"mediaAddresses":\["192\.0\.2\.7","2001:db8::7"\]/);
  });

  it('stops when the process that started it is gone', async () => {
    const relay = start();
    await relay.ready();
    relay.child.disconnect();
    assert.deepEqual(await relay.exit, { code: 0, signal: null });
    assert.match(relay.output, /"msg":"relay stopped"/);
  });

  it('stops during the start too', async () => {
    const relay = start();
    // As early as it can be: its signal handlers stand before anything is opened, else the signal itself ends it.
    await setTimeout(300);
    relay.child.kill('SIGTERM');
    const { code, signal } = await relay.exit;
    assert.ok(code === 0 || signal === 'SIGTERM', relay.output);
  });

  it('writes the ready line on standard output when asked to', async () => {
    const relay = start({ JWT_SECRET: SECRET }, ['--print-ready']);
    const { http, metrics } = await relay.ready();
    relay.child.kill('SIGTERM');
    await relay.exit;
    assert.match(relay.output, new RegExp(`^\\{"type":"ready","http":${http},"metrics":${metrics}\\}$`, 'm'));
  });

  it('never logs the secret or a token', async () => {
    const relay = start({ JWT_SECRET: SECRET, LOG_LEVEL: 'trace' });
    const { http } = await relay.ready();
    const sent = token();
    const socket = connect(http, { token: sent });
    await new Promise((resolve) => socket.once('session:ready', resolve));
    await ask(`http://127.0.0.1:${http}/api/streaming/status`, { headers: { authorization: `Bearer ${sent}` } });
    relay.child.kill('SIGTERM');
    await relay.exit;
    assert.ok(!relay.output.includes(SECRET));
    assert.ok(!relay.output.includes(sent.split('.')[2] ?? ''));
  });
});

describe('a relay that cannot start ends with a code and says why', () => {
  it('without a key, listing every other problem too', async () => {
    const relay = start({ HTTP_PORT: 'eighty' });
    assert.deepEqual(await relay.exit, { code: 1, signal: null });
    assert.match(
      relay.output,
      /^The configuration has 2 problems:\n {2}- HTTP_PORT: "eighty".*\n {2}- JWT_SECRET: no key/,
    );
    assert.doesNotMatch(relay.output, /\n {4}at /, 'no stack');
  });

  it('in production with nothing set', async () => {
    const relay = start({ NODE_ENV: 'production', JWT_SECRET: SECRET });
    assert.equal((await relay.exit).code, 1);
    assert.match(relay.output, /ALLOWED_ORIGINS: is required in production/);
    assert.match(relay.output, /ANNOUNCED_ADDRESS: is required in production/);
  });

  it('when another relay has the HTTP port, naming port and variable', async () => {
    const first = start();
    const { http } = await first.ready();
    const second = start({ JWT_SECRET: SECRET, HTTP_PORT: String(http) });
    assert.deepEqual(await second.exit, { code: 1, signal: null });
    assert.equal(
      second.output,
      `Port ${http} (HTTP_PORT) is in use by another process, perhaps another relay. Stop that one, or set HTTP_PORT to a free port.\n`,
    );
    assert.equal((await ask(`http://127.0.0.1:${http}/health`)).status, 200, 'the first one does not notice');
  });

  it('when something has the media port, over UDP or TCP', async () => {
    const udp = createSocket('udp4');
    await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
    const tcp = createServer();
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    try {
      const address = tcp.address();
      assert(typeof address === 'object' && address !== null);
      for (const port of [udp.address().port, address.port]) {
        const relay = start({ JWT_SECRET: SECRET, MEDIA_PORT: String(port) });
        assert.deepEqual(await relay.exit, { code: 1, signal: null });
        assert.match(relay.output, new RegExp(`port ${port}/(udp|tcp) .*already in use.*MEDIA_PORT`));
        assert.doesNotMatch(relay.output, /\n {4}at /, 'no stack');
      }
    } finally {
      udp.close();
      tcp.close();
    }
  });

  it('when an address is not of this machine', async () => {
    const relay = start({ JWT_SECRET: SECRET, HOST: '192.0.2.250' });
    assert.equal((await relay.exit).code, 1);
    assert.match(relay.output, /^192\.0\.2\.250 \(HOST\) is not an address of this machine/);
    const media = start({ JWT_SECRET: SECRET, MEDIA_LISTEN_IPS: '192.0.2.250', MEDIA_PORT: '44990' });
    assert.equal((await media.exit).code, 1);
    assert.match(media.output, /MEDIA_LISTEN_IPS/);
  });

  it('when the option is unknown', async () => {
    const relay = start({}, ['--prot', '80']);
    assert.deepEqual(await relay.exit, { code: 2, signal: null });
    assert.match(relay.output, /^Unknown option '--prot'.*\nAll options: .* start --help\n$/s);
  });
});

describe('the command line', () => {
  it('has help as a command, for each command too', async () => {
    const [all, one, option, none] = [['help'], ['help', 'token'], ['token', '--help'], ['help', 'nothing']].map(
      (args) => start({}, args),
    );
    assert.ok(all && one && option && none);
    for (const relay of [all, one, option]) assert.deepEqual(await relay.exit, { code: 0, signal: null });
    assert.equal(all.output, renderHelp(readPackageInfo().version));
    assert.equal(one.output, option.output);
    assert.match(one.output, /--expires/);
    assert.equal((await none.exit).code, 2);
  });

  it('says nothing that a terminal would obey', async () => {
    const relay = start({}, ['--\u009b2J']);
    await relay.exit;
    assert.match(relay.output, /^Unknown option '--\\u009b2J'/);
  });
});

describe('options that only print', () => {
  for (const [option, expected] of [
    ['--help', renderHelp(readPackageInfo().version)],
    ['--version', `${readPackageInfo().version}\n`],
  ] as const) {
    it(option, async () => {
      const relay = start({}, [option]);
      assert.deepEqual(await relay.exit, { code: 0, signal: null });
      assert.equal(relay.output, expected);
    });
  }
});
