import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roomForConnections } from './open-files.ts';
import { WriteProgress } from './write-progress.ts';

test('time counts only while something waits and nothing of it is taken', () => {
  let now = 0;
  const progress = new WriteProgress(() => now);
  const look = (afterMs: number, bytesWritten: number, writableLength: number, writableEnded = false): number => {
    now += afterMs;
    return progress.stalledMs({ bytesWritten, writableLength, writableEnded });
  };
  assert.equal(look(60_000, 0, 0), 0);
  assert.equal(look(1_000, 100, 100), 1_000);
  assert.equal(look(1_000, 200, 200), 2_000, 'more to write is no progress');
  assert.equal(look(1_000, 200, 150), 0);
  assert.equal(look(5_000, 200, 150), 5_000);
  assert.equal(look(1_000, 200, 0), 0);
  assert.equal(look(60_000, 200, 0), 0, 'a connection that is kept alive waits for nothing');
  assert.equal(look(1_000, 200, 0, true), 1_000, 'the other side does not end');
});

test('connections leave room for the process’s other files', () => {
  assert.equal(roomForConnections(10_000, 250), 186);
  assert.equal(roomForConnections(100, 65_536), 100);
  assert.equal(roomForConnections(100, null), 100);
  assert.equal(roomForConnections(100, 10), 1);
});
