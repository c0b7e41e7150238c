import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '../logger.ts';
import { pathOf, TurnAddresses } from './media-path.ts';

test('media that comes from a TURN server’s address came over TURN, however it is spelt', async (t) => {
  const asked: string[] = [];
  const turn = new TurnAddresses(
    ['turn:turn.example.com:3478?transport=udp', 'turns:turn.example.com:443?transport=tcp', 'turn:[2001:db8::7]'],
    createLogger('silent'),
    async (host) => {
      asked.push(host);
      return host === 'turn.example.com' ? ['192.0.2.7', '192.0.2.8'] : [host];
    },
  );
  t.after(() => turn.close());
  await turn.look();
  assert.deepEqual([...new Set(asked)], ['turn.example.com', '2001:db8::7']);
  assert.equal(pathOf({ protocol: 'udp', remoteIp: '192.0.2.8' }, turn), 'turn');
  assert.equal(pathOf({ protocol: 'udp', remoteIp: '2001:db8::7' }, turn), 'turn');
  assert.equal(pathOf({ protocol: 'udp', remoteIp: '192.0.2.9' }, turn), 'udp');
  assert.equal(pathOf({ protocol: 'tcp', remoteIp: '192.0.2.9' }, turn), 'tcp');
  assert.equal(pathOf({ protocol: 'tcp' }, turn), 'tcp');
});

test('a name that is not found keeps its older addresses, and is logged once', async (t) => {
  const lines: string[] = [];
  let fails = false;
  const turn = new TurnAddresses(
    ['turn:turn.example.com'],
    createLogger('info', { destination: { write: (line) => void lines.push(line) } }),
    async () => {
      if (fails) throw new Error('ENOTFOUND');
      return ['192.0.2.7'];
    },
  );
  t.after(() => turn.close());
  await turn.look();
  fails = true;
  await turn.look();
  await turn.look();
  assert.equal(turn.has('192.0.2.7'), true);
  assert.equal(lines.length, 1);
});
