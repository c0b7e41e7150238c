import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '../logger.ts';
import { RefusalLog } from './refusal-log.ts';

test('each refusal is logged with code, reason and origin; a flood is counted instead', () => {
  const lines: string[] = [];
  let now = 0;
  const log = new RefusalLog(
    createLogger('info', { destination: { write: (line) => void lines.push(line) } }),
    () => now,
  );
  const refusal = { code: 'token_expired', reason: 'The token has expired.', origin: 'https://app.example.com' };
  log.add(refusal, 'connection refused');
  const { code, reason, origin, msg } = JSON.parse(lines[0] ?? '');
  assert.deepEqual({ code, reason, origin, msg }, { ...refusal, msg: 'connection refused' });
  for (let i = 0; i < 10_000; i += 1) log.add(refusal, 'connection refused');
  assert.equal(lines.length, 100);
  now += 1_000;
  log.add({ ...refusal, origin: undefined }, 'connection refused');
  const next = JSON.parse(lines[100] ?? '');
  assert.equal(next.unlogged, 10_000 - 99);
  assert.equal(next.origin, null);
  log.add({ ...refusal, origin: 'x'.repeat(9_999) }, 'connection refused');
  assert.equal(JSON.parse(lines[101] ?? '').origin.length, 200);
});
