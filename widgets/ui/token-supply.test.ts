import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { type TokenProvider, TokenSupply } from './token-supply.ts';

describe('token supply', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  const setUp = () => {
    const tokens: string[] = [];
    const faults: (string | null)[] = [];
    const supply = new TokenSupply({
      deliver: (token) => tokens.push(token),
      failed: (fault) => faults.push(fault?.code ?? null),
    });
    return { supply, tokens, faults };
  };
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 500) {
      mock.timers.tick(500);
      await settle();
    }
  };

  it('delivers what the provider returns, trimmed, and says why it asked', async () => {
    const { supply, tokens } = setUp();
    const reasons: string[] = [];
    const provider: TokenProvider = async ({ reason }) => {
      reasons.push(reason);
      return ' token\n';
    };
    supply.ask(provider, 'start');
    await settle();
    supply.ask(provider, 'expiring');
    await settle();
    assert.deepEqual(tokens, ['token', 'token']);
    assert.deepEqual(reasons, ['start', 'expiring']);
  });

  it('calls it once at a time', async () => {
    const { supply, tokens } = setUp();
    const answer = Promise.withResolvers<string>();
    let calls = 0;
    const provider = () => {
      calls += 1;
      return answer.promise;
    };
    for (let i = 0; i < 5; i += 1) supply.ask(provider, 'expiring');
    answer.resolve('late');
    await settle();
    assert.deepEqual([calls, tokens], [1, ['late']]);
  });

  it('tries again with growing pauses while it fails, and says that it works again', async () => {
    const { supply, tokens, faults } = setUp();
    let calls = 0;
    const provider: TokenProvider = () => {
      calls += 1;
      if (calls < 4) throw new Error('the lift has no network');
      return 'at last';
    };
    supply.ask(provider, 'expired');
    await settle();
    assert.deepEqual([calls, faults], [1, ['token_provider_failed']]);
    await pass(30_000);
    assert.deepEqual(tokens, ['at last']);
    assert.equal(calls, 4);
    assert.equal(faults.at(-1), null);
  });

  it('calls it a failure when no text comes, and when nothing comes', async () => {
    const { supply, tokens, faults } = setUp();
    supply.ask(() => '', 'start');
    await settle();
    assert.deepEqual(faults, ['token_provider_failed']);
    supply.stop();
    const signals: AbortSignal[] = [];
    supply.ask(({ signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    }, 'start');
    await pass(21_000);
    assert.equal(signals[0]?.aborted, true);
    assert.equal(faults.at(-1), 'token_provider_failed');
    await pass(4_000);
    assert.equal(signals.length, 2);
    assert.deepEqual(tokens, []);
    supply.stop();
  });

  it('leaves alone what comes after it was stopped', async () => {
    const { supply, tokens } = setUp();
    const answer = Promise.withResolvers<string>();
    supply.ask(() => answer.promise, 'start');
    supply.stop();
    answer.resolve('of the user before');
    await settle();
    assert.deepEqual(tokens, []);
  });
});
