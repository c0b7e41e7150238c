import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { latePart } from './late-part.ts';

describe('a late part', () => {
  it('is loaded once, when it is first wanted, for all who ask', async () => {
    let loads = 0;
    const part = latePart(async () => ({ load: ++loads }));
    assert.deepEqual([part.here, loads], [null, 0]);
    const [first, second] = await Promise.all([part.get(), part.get()]);
    assert.deepEqual([first, second, part.here, loads], [{ load: 1 }, first, first, 1]);
  });

  it('is here when it tells that it has come', async () => {
    const seen: unknown[] = [];
    const part = latePart(
      async () => 'texts',
      (came) => seen.push(came, part.here),
    );
    await part.get();
    assert.deepEqual(seen, ['texts', 'texts']);
  });

  it('that does not come is asked for again with growing pauses, and said once', async (t) => {
    const warn = t.mock.method(console, 'warn', () => {});
    const pauses: number[] = [];
    let failures = 7;
    const part = latePart(
      async () => {
        if (failures-- > 0) throw new Error('no network');
        return 'here';
      },
      () => {},
      async (ms) => void pauses.push(ms),
    );
    assert.equal(await part.get(), 'here');
    assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    assert.equal(warn.mock.callCount(), 1);
  });
});
