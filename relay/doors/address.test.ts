import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countedAddress } from './address.ts';

test('every spelling of an address is counted under one name', () => {
  const spellings: Readonly<Record<string, readonly string[]>> = {
    '192.0.2.1': [
      '192.0.2.1',
      ' 192.0.2.1 ',
      '192.0.2.1:55001',
      '::ffff:192.0.2.1',
      '::FFFF:c000:201',
      '[::ffff:192.0.2.1]:443',
      '0:0:0:0:0:ffff:c000:0201',
    ],
    '2001:db8:0:7::/64': [
      '2001:db8:0:7::1',
      '2001:DB8:0:7:0:0:0:1',
      '[2001:db8:0:7::1]',
      '[2001:db8:0:7:ffff::2]:8443',
      '2001:db8:0:7:1:2:3:4',
    ],
    'fe80:0:0:0::/64': ['fe80::1', 'fe80::1%eth0', '[fe80::2%25eth1]:80'],
    '0:0:0:0::/64': ['::1'],
  };
  for (const [name, texts] of Object.entries(spellings)) {
    for (const text of texts) assert.equal(countedAddress(text), name, text);
  }
  assert.notEqual(countedAddress('2001:db8:0:8::1'), countedAddress('2001:db8:0:7::1'));
});

test('what is no address has no name', () => {
  const none = [
    undefined,
    '',
    ' ',
    'unknown',
    '_hidden',
    'localhost',
    '127.1',
    '0x7f.0.0.1',
    '010.0.0.1',
    '300.1.1.1',
    '1.2.3.4.5',
    '192.0.2.1:',
    '192.0.2.1:port',
    '192.0.2.1:123456',
    '[192.0.2.1',
    '2001:db8::1::2',
    '[2001:db8::1]x',
    '[]',
    '%eth0',
    'for=192.0.2.1',
    '"192.0.2.1"',
  ];
  for (const text of none) assert.equal(countedAddress(text), null, text);
});
