import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { createDebugLog } from './debug-log.ts';
import { ProspectError, toFault } from './fault.ts';
import { browserPage } from './page.ts';
import { relayKey, resolveRelayUrl } from './relay-url.ts';
import { rememberedVolume, rememberVolume } from './storage.ts';
import { StateStore } from './store.ts';

describe('resolveRelayUrl', () => {
  const https = { protocol: 'https:', hostname: 'app.example.com' };
  const http = { protocol: 'http:', hostname: 'localhost' };

  it('finds the relay at the page’s own host', () => {
    assert.deepEqual(resolveRelayUrl(null, https), { origin: 'https://app.example.com:8443', path: '/socket.io' });
    assert.deepEqual(resolveRelayUrl(' ', http), { origin: 'http://localhost:8080', path: '/socket.io' });
    assert.equal(resolveRelayUrl('', { protocol: 'http:', hostname: '[::1]' }).origin, 'http://[::1]:8080');
  });

  it('takes the address that is given, with a path for a relay behind a proxy', () => {
    assert.deepEqual(resolveRelayUrl('https://live.example.com', https), {
      origin: 'https://live.example.com',
      path: '/socket.io',
    });
    assert.equal(resolveRelayUrl('https://example.com/live/', https).path, '/live/socket.io');
    assert.equal(resolveRelayUrl('http://127.0.0.1:8080', https).origin, 'http://127.0.0.1:8080');
  });

  it('says what is wrong', () => {
    const cases: [string | null, typeof https, RegExp][] = [
      ['live.example.com', https, /not a URL/],
      ['localhost:8080', http, /must start with/],
      ['wss://live.example.com', https, /must start with/],
      ['https://user:pw@example.com', https, /no user name/],
      ['https://example.com/?token=1', https, /query/],
      ['http://live.example.com:8080', https, /browsers block/],
      [null, { protocol: 'file:', hostname: '' }, /relay-url.*Set the attribute/],
    ];
    for (const [url, page, message] of cases) {
      assert.throws(() => resolveRelayUrl(url, page), { code: 'relay_url_invalid', message }, String(url));
    }
  });
});

describe('StateStore', () => {
  it('replaces its frozen state when something differs, and tells', () => {
    const store = new StateStore({ a: 1, b: 'x' });
    let told = 0;
    const stop = store.subscribe(() => {
      told += 1;
    });
    const before = store.getState();
    store.commit({ a: 1 });
    assert.equal(store.getState(), before);
    store.commit({ a: 2 });
    assert.deepEqual(store.getState(), { a: 2, b: 'x' });
    assert.ok(Object.isFrozen(store.getState()));
    stop();
    store.commit({ a: 3 });
    assert.equal(told, 1);
  });
});

describe('toFault', () => {
  it('keeps codes, and calls the rest unexpected', () => {
    assert.deepEqual(toFault(new ProspectError('timeout', 'late')), { code: 'timeout', message: 'late' });
    assert.equal(toFault(new TypeError('x is undefined')).code, 'unexpected');
  });
});

describe('relayKey', () => {
  const page = { protocol: 'https:', hostname: 'app.example.com' };
  it('is the same for every spelling of one address', () => {
    for (const url of [
      'https://live.example.com',
      'https://live.example.com/',
      'https://live.example.com//',
      'HTTPS://LIVE.Example.com:443',
      ' https://live.example.com\n',
    ]) {
      assert.equal(relayKey(url, page), relayKey('https://live.example.com', page), url);
    }
    for (const none of [null, undefined, '', ' ', 'https://app.example.com:8443/']) {
      assert.equal(relayKey(none, page), relayKey(null, page), String(none));
    }
  });
  it('tells addresses apart, usable or not', () => {
    const keys = [
      'https://live.example.com',
      'https://live.example.com/live',
      'https://live.example.com:8443',
      'https://example.com',
      'ftp://example.com',
      'nonsense',
      null,
    ].map((url) => relayKey(url, page));
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(relayKey('nonsense ', page), relayKey('nonsense', page));
  });
});

describe('outside a browser', () => {
  it('nothing is remembered, and the page reports nothing', () => {
    rememberVolume(0.5);
    assert.ok([null, 0.5].includes(rememberedVolume()));
    assert.equal(browserPage.hidden, false);
    browserPage.listen(() => assert.fail('an event without a page'))();
  });

  it('the debug log is silent unless asked for', () => {
    const debug = mock.method(console, 'debug', () => {});
    createDebugLog('x', () => false)('hidden');
    createDebugLog('x', () => true)('shown', { n: 1 });
    assert.deepEqual(
      debug.mock.calls.map((call) => call.arguments),
      [['[x] shown', { n: 1 }]],
    );
    debug.mock.restore();
  });
});
