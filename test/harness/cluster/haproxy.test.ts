/** The documented HAProxy configuration, with the addresses of this machine and small servers in place of relays. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { skipWithout } from '../ensure-program.ts';
import { freePort } from '../network/free-port.ts';
import { waitUntil } from '../wait.ts';
import { DOCUMENTED_HAPROXY, fillHaproxy, Haproxy, type NodeName } from './haproxy.ts';

const NAMES: readonly NodeName[] = ['a', 'b', 'c'];

/** Answers with its name and what it was asked; may be not ready, and may be gone. */
class SmallServer {
  readonly name: string;
  ready = true;
  readonly #port: number;
  #server: Server | null = null;

  constructor(name: string, port: number) {
    this.name = name;
    this.#port = port;
  }

  async start(): Promise<void> {
    if (this.#server) return;
    const server = createServer((request, response) => {
      if (request.url === '/health/ready' && !this.ready) response.statusCode = 503;
      const forwarded = String(request.headers['x-forwarded-for']).split(', ').at(-1);
      response.end(JSON.stringify({ name: this.name, path: request.url, forwarded }));
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }
}

/** What a small server, or the balancer itself, says. */
interface Answer {
  readonly status: number;
  readonly name?: string;
  readonly path?: string;
  readonly forwarded?: string;
}

const skip = await skipWithout('haproxy');

describe('the documented HAProxy configuration', { skip }, () => {
  let url = '';
  let haproxy: Haproxy | null = null;
  let servers: SmallServer[] = [];

  const ask = async (path: string, headers = {}): Promise<Answer> => {
    // On a connection of its own: what comes on one that the balancer is closing fails here, where a browser asks again (RFC 9110 9.2.2).
    const response = await fetch(url + path, { headers: { connection: 'close', ...headers } });
    const text = await response.text();
    return { status: response.status, ...(response.ok ? (JSON.parse(text) as Omit<Answer, 'status'>) : {}) };
  };
  const whoGets = async (path: string, times = 12): Promise<string[]> => {
    const names = new Set<string>();
    for (let time = 0; time < times; time += 1) names.add((await ask(path)).name ?? 'nobody');
    return [...names].sort();
  };
  const of = (name: string): SmallServer => {
    const found = servers.find((server) => server.name === name);
    assert.ok(found);
    return found;
  };

  before(async () => {
    const first = await freePort(['127.0.0.1'], 4);
    url = `http://127.0.0.1:${first}`;
    servers = NAMES.map((name, index) => new SmallServer(name, first + 1 + index));
    await Promise.all(servers.map((server) => server.start()));
    const nodes = new Map(NAMES.map((name, index) => [name, `127.0.0.1:${first + 1 + index}`]));
    haproxy = await Haproxy.start({ binds: [`127.0.0.1:${first}`], nodes }, url);
  });
  after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await haproxy?.close();
  });
  beforeEach(async () => {
    for (const server of servers) {
      server.ready = true;
      await server.start();
    }
    const everybody = async () => (await whoGets('/')).join() === 'a,b,c' && (await ask('/n/c/')).name === 'c';
    await waitUntil('all three servers', everybody);
  });

  it('a path with a node’s name goes to that node, whole', async () => {
    for (const name of NAMES) {
      for (let time = 0; time < 5; time += 1) {
        const { name: who, path } = await ask(`/n/${name}/socket.io/?EIO=4`);
        assert.deepEqual([who, path], [name, `/n/${name}/socket.io/?EIO=4`]);
      }
    }
  });

  it('a name that nobody has goes to anybody', async () => {
    assert.deepEqual(await whoGets('/n/z9/socket.io/'), ['a', 'b', 'c']);
  });

  it('while a node is gone, its path is answered by the others, from the first request on', async () => {
    await of('b').stop();
    for (let time = 0; time < 10; time += 1) {
      const { status, name } = await ask('/n/b/socket.io/');
      assert.equal(status, 200);
      assert.notEqual(name, 'b');
      assert.equal((await ask('/socket.io/')).status, 200);
    }
    await of('b').start();
    await waitUntil('its path leads to it again', async () => (await ask('/n/b/socket.io/')).name === 'b');
  });

  it('a node that is not ready gets no newcomers, and those of its path still', async () => {
    of('a').ready = false;
    await waitUntil('no newcomers for a', async () => (await whoGets('/socket.io/')).join() === 'b,c');
    assert.deepEqual(await whoGets('/n/a/socket.io/'), ['a']);
  });

  it('the last of X-Forwarded-For is the client, whatever the client wrote', async () => {
    assert.equal((await ask('/', { 'X-Forwarded-For': '203.0.113.9' })).forwarded, '127.0.0.1');
  });

  it('metrics and administration are not for the outside', async () => {
    for (const path of ['/metrics', '/METRICS', '/metrics/', '/admin/drain', '/n/a/metrics', '/n/a//admin/drain'])
      assert.equal((await ask(path)).status, 404, path);
    assert.equal((await ask('/widgets/metrics.js')).status, 200);
  });
});

it('what runs here is what is documented, but for places and for what takes root', async () => {
  const documented = await readFile(DOCUMENTED_HAPROXY, 'utf8');
  const nodes = new Map<NodeName, string>([
    ['a', '10.0.0.11:8080'],
    ['b', '10.0.0.12:8080'],
    ['c', '10.0.0.13:8080'],
  ]);
  const bind = /^ {4}bind (.*)$/m.exec(documented)?.[1] ?? '';
  const filled = fillHaproxy(documented, { binds: [bind], nodes });
  assert.equal(filled, documented.replace(/^ {4}(?:user|group) haproxy\n/gm, ''));
  assert.throws(() => fillHaproxy(documented.replace(/bind .*/, ''), { binds: [], nodes }), /No line .* fits/);
});
