import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RowKeys } from './row-keys.ts';

const keysOf = (keys: RowKeys, ids: string) => [...keys.of([...ids]).values()];

describe('the keys of rows', () => {
  it('stay with who stays, wherever they move', () => {
    const keys = new RowKeys();
    assert.deepEqual(keysOf(keys, 'abc'), [0, 1, 2]);
    assert.deepEqual(keysOf(keys, 'cab'), [2, 0, 1]);
  });

  it('go from who leaves to who comes', () => {
    const keys = new RowKeys();
    keysOf(keys, 'abc');
    assert.deepEqual(keysOf(keys, 'bcd'), [1, 2, 0]);
    assert.deepEqual(keysOf(keys, 'bcdef'), [1, 2, 0, 3, 4]);
  });

  it('stay at their places when the list begins anew', () => {
    const keys = new RowKeys();
    keysOf(keys, 'abcd');
    keys.begin();
    assert.deepEqual(keysOf(keys, 'dxa'), [0, 1, 2]);
    assert.deepEqual(keysOf(keys, 'axd'), [2, 1, 0], 'that was once');
  });
});
