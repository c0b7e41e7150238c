import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHostName, relayAddress } from './relay-address.ts';

test('the relay is at the page’s own host, on the page’s scheme', () => {
  const ports = { http: 8080, https: 8443 };
  assert.deepEqual(relayAddress(ports, '192.168.1.20', true), {
    origin: 'https://192.168.1.20:8443',
    socketOrigin: 'wss://192.168.1.20:8443',
    isDefault: true,
  });
  assert.equal(relayAddress({ http: 9000, https: null }, 'localhost', false)?.isDefault, false);
  assert.equal(relayAddress({ http: 9000, https: null }, 'localhost', true), null);
});

test('only host names and addresses get into a page', () => {
  for (const host of ['localhost', '192.168.1.20', '[::1]', 'my-mac.local']) assert.ok(isHostName(host), host);
  for (const host of ['', 'a b', 'a"b', "x'; script-src *", 'a;b', '-', 'a'.repeat(300)])
    assert.ok(!isHostName(host), host);
});
