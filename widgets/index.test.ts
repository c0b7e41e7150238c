import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

describe('in bare Node, as on a server that renders pages', () => {
  it('importing the classes does nothing and hands them out', async () => {
    const { ProspectListenPanel, ProspectStreamButton, ProspectErrorEvent } = await import('./index.ts');
    assert.equal(typeof ProspectListenPanel, 'function');
    assert.equal(ProspectStreamButton.version, ProspectListenPanel.version);
    assert.equal(globalThis.customElements?.get('prospect-stream-button'), undefined);
    const event = new ProspectErrorEvent({
      code: 'forbidden',
      message: 'm',
      reason: 'r',
      recoverable: false,
      mender: 'user',
      traceId: null,
    });
    assert.deepEqual(
      [event.type, event.code, event.detail.reason, event.bubbles, event.composed],
      ['prospect-error', 'forbidden', 'r', true, true],
    );
  });

  it('importing the definitions defines nothing, and does not throw', async () => {
    const { ProspectStreamButton } = await import('./define.ts');
    assert.equal(typeof ProspectStreamButton, 'function');
    assert.equal(globalThis.customElements?.get('prospect-stream-button'), undefined);
  });
});
