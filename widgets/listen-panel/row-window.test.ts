import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AfterPaint, type PaintedHost } from './after-paint.ts';
import { RowWindow, type Slot } from './row-window.ts';

/** As in a page that was not measured yet. */
function windowOf() {
  const host: PaintedHost = {
    addController: () => {},
    requestUpdate: () => {},
    ownerDocument: { defaultView: null, hidden: false },
    shadowRoot: null,
  };
  return new RowWindow(host, new AfterPaint(host));
}

const items = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);
const shape = (slots: readonly Slot<string>[]) =>
  slots.map((slot) => ('gap' in slot ? `(${slot.gap})` : slot.item)).join(' ');

describe('the window on the rows', () => {
  it('has all rows of a team of usual size', () => {
    assert.equal(windowOf().slots(items(60), -1, 60).length, 60);
  });

  it('has the first of hundreds, and room for the others', () => {
    const slots = windowOf().slots(items(500), -1, 500);
    assert.equal(slots.length, 13);
    assert.deepEqual([slots[0], slots.at(-1)], [{ item: 'c0', index: 0 }, { gap: 488 }]);
  });

  it('has the first of what a search leaves of hundreds, too', () => {
    assert.match(shape(windowOf().slots(items(50), -1, 500)), /^c0 .* c11 \(38\)$/);
    assert.equal(shape(windowOf().slots(items(3), -1, 500)), 'c0 c1 c2');
  });

  it('keeps the row that has the focus', () => {
    const slots = windowOf().slots(items(500), 300, 500);
    assert.match(shape(slots), /^c0 .* c11 \(288\) c300 \(199\)$/);
  });

  it('gives the same slots while nothing changes', () => {
    const [rows, view] = [items(500), windowOf()];
    assert.equal(view.slots(rows, -1, 500), view.slots(rows, -1, 500));
    assert.notEqual(view.slots(rows, -1, 500), view.slots([...rows], -1, 500));
  });
});
