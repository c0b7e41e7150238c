import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commercial } from '../ui/testing/fake-sessions.ts';
import { HeldOrder } from './held-order.ts';

const rows = (ids: string) => [...ids].map((id) => commercial(id));
const shown = ({ items, changes }: ReturnType<HeldOrder['show']>) => [items.map(({ id }) => id).join(''), changes];

describe('the order of the list', () => {
  it('is the newest one, unless it is held', () => {
    const held = new HeldOrder();
    held.show(rows('abcd'), rows('abcd'), false);
    assert.deepEqual(shown(held.show(rows('dabc'), rows('dabc'), false)), ['dabc', 0]);
  });

  it('holds, with what the rows say now, and counts who would move, come or go', () => {
    const held = new HeldOrder();
    held.show(rows('abcd'), rows('abcd'), true);
    const fresh = [commercial('d', { status: 'live' }), ...rows('abe')];
    const now = held.show(fresh, [...fresh, commercial('c', { status: 'paused' })], true);
    assert.deepEqual(shown(now), ['abcd', 3]);
    assert.deepEqual(
      now.items.map((item) => 'status' in item && item.status),
      ['ready', 'ready', 'paused', 'live'],
    );
    assert.deepEqual(shown(held.show(fresh, fresh, false)), ['dabe', 0]);
  });

  it('keeps the place of one who left the service, as offline', () => {
    const held = new HeldOrder();
    held.show(rows('ab'), rows('ab'), true);
    const { items } = held.show(rows('b'), rows('b'), true);
    assert.deepEqual(items[0], { ...commercial('a'), status: 'offline' });
  });

  it('is let go when the admin asks for other lines', () => {
    const held = new HeldOrder();
    held.show(rows('abcd'), rows('abcd'), true);
    held.release();
    assert.deepEqual(shown(held.show(rows('dc'), rows('dc'), true)), ['dc', 0]);
    assert.deepEqual(shown(held.show(rows('cd'), rows('cd'), true)), ['dc', 1]);
  });
});
