import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { rollup } from 'rollup';
import config from '../../rollup.config.mjs';
import { describeRelaySocket } from '../../widgets/relay-client/testing/relay-socket-cases.ts';
import { inRoot } from '../setup/paths.mjs';
import { leanSocketIo } from './lean-socket-io.mjs';

/** Addresses that a bundle opened a WebSocket to. */
const opened = [];
globalThis.WebSocket = class extends WebSocket {
  constructor(url) {
    super(url);
    opened.push(String(url));
  }
};

/** RelaySocket as it is in the bundles: reduced, its names mangled. */
const bundled = (async () => {
  const { plugins } = config[0];
  const bundle = await rollup({ input: inRoot('widgets', 'relay-client', 'relay-socket.ts'), plugins });
  const { output } = await bundle.generate({ format: 'es' });
  const { code } = output[0];
  const folder = await mkdtemp(join(tmpdir(), 'lean-socket-io-'));
  try {
    const file = join(folder, 'relay-socket.mjs');
    await writeFile(file, code);
    const { RelaySocket } = await import(pathToFileURL(file).href);
    return { code, RelaySocket };
  } finally {
    await rm(folder, { recursive: true });
  }
})();

describeRelaySocket('relay socket in the bundles', async () => (await bundled).RelaySocket);

describe('lean socket.io-client', () => {
  it('finds a relay wherever it is', async () => {
    const { RelaySocket } = await bundled;
    const cases = {
      'https://relay.example.invalid': 'wss://relay.example.invalid/socket.io/',
      'https://relay.example.invalid:8443': 'wss://relay.example.invalid:8443/socket.io/',
      'http://127.0.0.1:9': 'ws://127.0.0.1:9/socket.io/',
      'http://[::1]:9': 'ws://[::1]:9/socket.io/',
      'https://[2001:db8::1]': 'wss://[2001:db8::1]/socket.io/',
    };
    for (const [origin, url] of Object.entries(cases)) {
      const socket = new RelaySocket({ origin, path: '/socket.io' }, {}, { onClose() {}, onNotification() {} });
      socket.close();
      assert.equal(opened.at(-1), `${url}?EIO=4&transport=websocket`);
    }
    const path = '/behind/a/proxy/socket.io';
    new RelaySocket({ origin: 'http://127.0.0.1:9', path }, {}, { onClose() {}, onNotification() {} }).close();
    assert.equal(opened.at(-1), 'ws://127.0.0.1:9/behind/a/proxy/socket.io/?EIO=4&transport=websocket');
  });

  it('has nothing left of what is not used', async () => {
    const { code } = await bundled;
    assert.doesNotMatch(code, /XMLHttpRequest|WebTransport|reconnect_attempt|upgradeError|placeholder/);
    assert.match(code, /connect_error/);
  });

  it('fails the build when the library has changed inside', async () => {
    const changed = (id, source) => ({
      name: 'changed',
      resolveId: (name) => (name === 'entry' ? id : null),
      load: (name) => (name === id ? source : null),
    });
    const id = '/node_modules/engine.io-client/build/esm/transport.js';
    const build = (source) => rollup({ input: 'entry', plugins: [changed(id, source), leanSocketIo()] });
    await assert.rejects(build('export class Transport { pause() {} }'), /has no opts\.forceBase64 any more/);
    const known = 'export class Transport { pause() {} constructor(opts) { this.binary = !opts.forceBase64; } }';
    await assert.rejects(build(known), /not part of socket\.io-client any more: .*socket\.io-parser/);
  });
});
