import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeRequest } from '../../../relay/cli/doctor/turn/stun-message.ts';
import { Coturn } from './coturn.ts';
import { answersStun, askOverUdp } from './stun.ts';

test('coturn starts, demands credentials, and is gone after close', async () => {
  const turn = await Coturn.start({ secret: 'a secret of this test' });
  try {
    assert.equal(await answersStun('127.0.0.1', turn.port), true);
    assert.deepEqual(turn.urls, [
      `turn:127.0.0.1:${turn.port}?transport=udp`,
      `turn:127.0.0.1:${turn.port}?transport=tcp`,
    ]);
    // An Allocate request (0x0003) for UDP (REQUESTED-TRANSPORT 17) without credentials: 401 and a nonce to sign with.
    const allocate = encodeRequest(0x0003, [[0x0019, Buffer.from([17, 0, 0, 0])]]);
    const answer = await askOverUdp('127.0.0.1', turn.port, allocate, 10_000);
    assert.equal(answer?.readUInt16BE(0), 0x0113);
    assert.ok(answer?.includes('prospect.test'));
  } finally {
    await turn.close();
    await turn.close();
  }
  assert.equal(await answersStun('127.0.0.1', turn.port), false);
});
