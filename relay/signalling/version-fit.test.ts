import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { PROTOCOL_VERSION } from '../protocol/messages.ts';
import { commercial } from '../streams/testing/scene.ts';
import { LiveRelay, tokenOf } from './testing/live-relay.ts';
import { findMismatch } from './version-fit.ts';

test('releases fit when major and minor are the same', () => {
  for (const version of ['1.2.3', '1.2.0', '1.2.99']) {
    assert.equal(findMismatch({ version, protocol: PROTOCOL_VERSION }, '1.2.3'), null, version);
  }
  for (const version of ['1.3.3', '2.2.3', '0.2.3', '1.1.9']) {
    const mismatch = findMismatch({ version, protocol: PROTOCOL_VERSION }, '1.2.3');
    assert.equal(mismatch?.summary, 'the page has widgets of another release', version);
    assert.match(mismatch?.warning ?? '', /these widgets are version [\d.]+, the relay is 1\.2\.3\./);
    assert.match(
      mismatch?.warning ?? '',
      /\/widgets\/prospect-live\.js.*tarball of version 1\.2 from your own server or registry,/,
    );
  }
});

test('what is no release is not judged', () => {
  for (const version of ['', '0.0.0-dev', 'latest', '1.3', '1.3.0-beta.1', '999999999.1.1']) {
    assert.equal(findMismatch({ version }, '1.2.3'), null, version);
  }
  assert.equal(findMismatch({}, '1.2.3'), null);
});

test('another protocol does not fit, whatever the release', () => {
  const older = findMismatch({ version: '1.2.3', protocol: PROTOCOL_VERSION - 1 }, '1.2.3');
  assert.equal(older?.summary, 'the page speaks an older protocol');
  assert.match(
    older?.warning ?? '',
    /version 1\.2\.3, speak protocol 2; the relay, version 1\.2\.3, speaks protocol 3\./,
  );
  const newer = findMismatch({ version: '0.0.0-dev', protocol: PROTOCOL_VERSION + 1 }, '1.2.3');
  assert.equal(newer?.summary, 'the page speaks a newer protocol');
  assert.match(newer?.warning ?? '', /: these widgets speak protocol 4;/);
});

test('the relay lets such a page in, tells it, and logs it', async (t) => {
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => lines.push(line) });
  const relay = await LiveRelay.start(t, { logger });
  const token = tokenOf(commercial('cleo'));
  const fitting = relay.dial({ token, version: '1.2.9', protocol: PROTOCOL_VERSION });
  assert.equal((await fitting.until('session:ready')).warning, undefined);
  const strange = relay.dial({ token, version: '1.1.0', protocol: 4 });
  const { warning } = await strange.until('session:ready');
  assert.match(warning ?? '', /version 1\.1\.0, speak protocol 4/);
  assert.equal(lines.length, 1);
  const { user, version, protocol, msg } = JSON.parse(lines[0] ?? '');
  assert.deepEqual(
    { user, version, protocol, msg },
    { user: 'cleo', version: '1.1.0', protocol: 4, msg: 'the page speaks a newer protocol' },
  );
});

test('a page that cannot confirm who listens, or would show others, is refused, in words', async (t) => {
  const relay = await LiveRelay.start(t);
  for (const protocol of [1, 2]) {
    const auth = { token: tokenOf(commercial('cleo')), version: '0.1.0', protocol };
    assert.equal(await relay.refusal(auth), 'protocol_outdated');
  }
});
