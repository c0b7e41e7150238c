import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { Fault } from '../shared/fault.ts';
import { RelaySocket } from './relay-socket.ts';

const RealWebSocket = globalThis.WebSocket;

/** The browser's WebSocket as far as RelaySocket uses it. */
class FakeWebSocket {
  static last: FakeWebSocket;
  readonly url: string;
  readonly sent: string[] = [];
  closed = false;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(url: string) {
    this.url = url;
    FakeWebSocket.last = this;
  }

  send(data: string): void {
    this.sent.push(data);
  }

  close(): void {
    this.closed = true;
  }

  receive(data: string): void {
    this.onmessage?.({ data });
  }
}

function setUp(origin = 'https://relay.example.com:8443') {
  const seen: unknown[] = [];
  const socket = new RelaySocket(
    { origin, path: '/socket.io' },
    { token: 't' },
    {
      onOpen: () => seen.push('open'),
      onNotification: (name, payload) => seen.push([name, payload]),
      onClose: (fault: Fault | null) => seen.push(['close', fault]),
    },
  );
  return { seen, socket, wire: FakeWebSocket.last };
}

function admitted() {
  const parts = setUp();
  parts.wire.receive('0{"sid":"x","pingInterval":2000,"pingTimeout":1000}');
  parts.wire.receive('40{"sid":"y"}');
  return parts;
}

describe('relay socket', () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    Object.defineProperty(globalThis, 'WebSocket', { value: FakeWebSocket, configurable: true, writable: true });
  });
  afterEach(() => {
    mock.timers.reset();
    Object.defineProperty(globalThis, 'WebSocket', { value: RealWebSocket, configurable: true, writable: true });
  });

  it('keeps the token out of the URL', () => {
    const { wire, seen } = admitted();
    assert.equal(wire.url, 'wss://relay.example.com:8443/socket.io/?EIO=4&transport=websocket');
    assert.deepEqual(wire.sent, ['40{"token":"t"}']);
    assert.deepEqual(seen, ['open']);
    assert.match(setUp('http://localhost:8080').wire.url, /^ws:\/\/localhost:8080\//);
  });

  it('carries notifications, requests and acknowledgements', async () => {
    const { wire, seen, socket } = admitted();
    wire.receive('42["relay:draining",{"reconnectAfterMs":5}]');
    assert.deepEqual(seen.at(-1), ['relay:draining', { reconnectAfterMs: 5 }]);
    const first = socket.request('stream:start', {}, 100);
    const second = socket.request('stream:stop', { a: 'é\n1' }, 100);
    assert.deepEqual(wire.sent.slice(1), ['420["stream:start",{}]', '421["stream:stop",{"a":"é\\n1"}]']);
    wire.receive('431[{"n":1}]');
    wire.receive('430[{"n":0}]');
    wire.receive('430[{"n":"again"}]');
    assert.deepEqual(await Promise.all([first, second]), [{ n: 0 }, { n: 1 }]);
  });

  it('gives a request up at its time, or with the connection', async () => {
    const { socket, wire } = admitted();
    const late = assert.rejects(socket.request('stream:stop', {}, 100), { code: 'request_timeout' });
    mock.timers.tick(100);
    await late;
    const lost = assert.rejects(socket.request('stream:stop', {}, 100), { code: 'relay_unreachable' });
    wire.onclose?.();
    await lost;
    await assert.rejects(socket.request('stream:stop', {}, 100), { code: 'relay_unreachable' });
    await assert.rejects(setUp().socket.request('stream:stop', {}, 100), { code: 'relay_unreachable' });
  });

  it('answers heartbeats, and notices when they stop', () => {
    const { wire, seen } = admitted();
    for (let beat = 0; beat < 5; beat += 1) {
      mock.timers.tick(2_000);
      wire.receive('2');
    }
    assert.deepEqual(wire.sent.slice(1), ['3', '3', '3', '3', '3']);
    assert.deepEqual(seen, ['open']);
    mock.timers.tick(3_000);
    assert.deepEqual(seen.at(-1), ['close', null]);
    assert.equal(wire.closed, true);
  });

  it('gives an attempt up after five seconds', () => {
    const { wire, seen } = setUp();
    mock.timers.tick(5_000);
    assert.deepEqual(seen, [['close', null]]);
    assert.equal(wire.closed, true);
  });

  it('passes a refusal on with its code', () => {
    const { wire, seen } = setUp();
    wire.receive('0{"pingInterval":2000,"pingTimeout":1000}');
    wire.receive('44{"message":"No token.","data":{"code":"token_missing"}}');
    wire.receive('44{"message":"again"}');
    assert.deepEqual(seen, [['close', { code: 'token_missing', message: 'No token.' }]]);
  });

  it('ends with the server, and with anything that is no Socket.IO', () => {
    for (const data of ['41', '0not json', '42{', '44']) {
      const { wire, seen } = admitted();
      wire.receive(data);
      assert.deepEqual(seen.at(-1), ['close', null], data);
      assert.equal(wire.closed, true);
    }
    const { wire, seen } = admitted();
    for (const data of ['6', '9', '', '4', '47']) wire.receive(data);
    assert.deepEqual(seen, ['open'], 'what is not known is let pass');
  });

  it('close says goodbye, and nothing is heard after it', () => {
    const { wire, seen, socket } = admitted();
    socket.close();
    socket.close();
    assert.deepEqual(wire.sent.slice(1), ['41']);
    assert.deepEqual([wire.onmessage, wire.onclose, wire.closed], [null, null, true]);
    mock.timers.tick(10_000);
    assert.deepEqual(seen, ['open']);
  });
});
