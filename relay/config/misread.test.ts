import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ConfigError, readConfig } from '../config.ts';

const KEY = { JWT_SECRET: 'kD9vQ2xW8zR4tY6uI1oP3aS5dF7gH0jK' };

function refused(name: string, value: string, why: RegExp): void {
  assert.throws(
    () => readConfig({ ...KEY, [name]: value }),
    (error) => error instanceof ConfigError && error.problems.length === 1 && why.test(error.problems[0] ?? ''),
    `${name}=${value}`,
  );
}

it('STUN_URLS takes what a browser can read, and nothing else', () => {
  const bad = ['stun:a:99999', 'stun:a:0', 'stun:a:', 'stun:a:b', 'stun:me@a', 'stun:::1', 'stun:[a]', 'stun:a/b'];
  for (const url of bad) refused('STUN_URLS', url, /^STUN_URLS: .*URLs such as stun:/);
  const good = ['stun:a', 'stun:a.example.com:3478', 'stun:192.0.2.1:1', 'stun:[2001:db8::1]:65535', 'stuns:[::1]'];
  assert.deepEqual(readConfig({ ...KEY, STUN_URLS: good.join(',') }).config.ice.stunUrls, good);
});

it('VOICE_WITHOUT_LISTENERS takes * for all teams alone, and never beside names', () => {
  const teams = (value: string) =>
    readConfig({ ...KEY, VOICE_WITHOUT_LISTENERS: value }).config.session.voiceWithoutListeners;
  assert.deepEqual([teams('*'), teams('North, South')], [['*'], ['North', 'South']]);
  for (const value of ['*,North', 'North,*'])
    refused('VOICE_WITHOUT_LISTENERS', value, /^VOICE_WITHOUT_LISTENERS: \* stands alone/);
});
