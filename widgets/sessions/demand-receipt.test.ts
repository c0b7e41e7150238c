import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DemandReceipt } from './demand-receipt.ts';
import { deferred, settle } from './testing/fake-relay.ts';

function scene() {
  const acknowledged: number[] = [];
  let rendering = deferred<void>();
  let answer = deferred<void>();
  const receipt = new DemandReceipt({
    shown: () => rendering.promise,
    acknowledge: (version) => {
      acknowledged.push(version);
      return answer.promise;
    },
    log: () => {},
  });
  return {
    receipt,
    acknowledged,
    async rendered() {
      rendering.resolve();
      await settle();
      rendering = deferred<void>();
    },
    async answered(error?: Error) {
      const before = answer;
      answer = deferred<void>();
      if (error) before.reject(error);
      else before.resolve();
      await settle();
    },
  };
}

describe('receipt of the listeners', () => {
  it('says nothing before the list is rendered', async () => {
    const { receipt, acknowledged, rendered } = scene();
    receipt.show(1);
    await settle();
    assert.deepEqual(acknowledged, []);
    await rendered();
    assert.deepEqual(acknowledged, [1]);
  });

  it('acknowledges the newest of several, one at a time', async () => {
    const { receipt, acknowledged, rendered, answered } = scene();
    receipt.show(1);
    await rendered();
    receipt.show(2);
    receipt.show(3);
    await settle();
    assert.deepEqual(acknowledged, [1], 'the first is under way');
    await answered();
    await rendered();
    assert.deepEqual(acknowledged, [1, 3]);
  });

  it('says nothing of a list that a stop took away while it was rendered', async () => {
    const { receipt, acknowledged, rendered } = scene();
    receipt.show(4);
    receipt.reset();
    await rendered();
    assert.deepEqual(acknowledged, []);
  });

  it('goes on after a connection that was lost', async () => {
    const { receipt, acknowledged, rendered, answered } = scene();
    receipt.show(1);
    await rendered();
    await answered(new Error('lost'));
    receipt.show(2);
    await rendered();
    assert.deepEqual(acknowledged, [1, 2]);
  });
});
