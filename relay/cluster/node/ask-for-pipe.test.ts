/** What a refusal of another node is to who asked for the pipe: a link that is closed there is made anew, so that its code must come through. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NodePipeError } from '../../media/node-pipe-error.ts';
import type { ClusterBus } from '../bus/cluster-bus.ts';
import { ClusterError } from '../cluster-error.ts';
import { askForPipe } from './ask-for-pipe.ts';

const HOME = { id: 'a', epoch: 1 };
const BODY = {
  link: '00000000-0000-4000-8000-000000000000',
  sourceId: 's',
  end: { ip: '127.0.0.1', port: 45_000, srtp: { cryptoSuite: 'AEAD_AES_256_GCM', keyBase64: 'a' } },
};
const refusing = (error: Error): Pick<ClusterBus, 'request'> => ({ request: () => Promise.reject(error) });

test('a code that pipes know comes through; whatever else the bus says is left as it is', async () => {
  const closed = new ClusterError('bus_refused', 'refused', { reason: 'link_closed' });
  await assert.rejects(askForPipe(refusing(closed), HOME, 'whisper-pipe', BODY), (error: unknown) => {
    assert.ok(error instanceof NodePipeError);
    assert.equal(error.code, 'link_closed');
    return true;
  });
  for (const other of [
    new ClusterError('bus_refused', 'refused', { reason: 'internal' }),
    new ClusterError('bus_timeout', 'no answer'),
  ])
    await assert.rejects(askForPipe(refusing(other), HOME, 'whisper-pipe', BODY), other);
});
