/** Good requests in any order, repeated, all at once, over two pages of one user, with the connection cut in the middle. */
import fc from 'fast-check';
import { ANSWER, OFFER, RESTART_ANSWER, RESTART_OFFER } from '../../../relay/media/testing/media-fixtures.ts';
import { realToken } from '../../harness/relay/real-relay.ts';
import { fuzzKind } from '../kind.ts';
import type { Outcome } from '../outcome.ts';
import { settle } from '../target.ts';

const commercialStep = fc.constantFrom<readonly [string, unknown]>(
  ['publish:offer', { mode: 'connect', sdp: OFFER }],
  ['publish:offer', { mode: 'restart-ice', sdp: RESTART_OFFER }],
  ['stream:start', {}],
  ['stream:start', { again: true }],
  ['stream:stop', {}],
  ['stream:pause', { paused: true }],
  ['stream:pause', { paused: false }],
  ['stream:capture', { interruption: 'microphone' }],
  ['stream:capture', { interruption: null }],
  ['stream:voice', { level: 3 }],
);
const adminStep = fc.constantFrom<readonly [string, unknown]>(
  ['listen:connect', { mode: 'connect' }],
  ['listen:connect', { mode: 'restart-ice' }],
  ['listen:answer', { sdp: ANSWER }],
  ['listen:answer', { sdp: RESTART_ANSWER }],
  ['listen:select', { commercialId: 'cleo' }],
  ['listen:select', { commercialId: 'cleo', again: true }],
  ['listen:select', { commercialId: 'mallet-1' }],
  ['listen:select', { commercialId: 'nobody' }],
  ['listen:opening', { commercialId: 'cleo', cannotOpen: 'e2ee_key_missing' }],
  ['listen:stop', {}],
  ['listen:disconnect', {}],
);

/** Steps of one user; each says over which of two pages it goes, and whether it waits for the one before. */
const steps = <T>(step: fc.Arbitrary<T>) =>
  fc.array(fc.record({ step, page: fc.nat(1), wait: fc.boolean() }), { minLength: 1, maxLength: 10 });

/** Order and repetition. */
export const sequences = fuzzKind({
  name: 'good requests in a bad order, at once, cut off',
  share: 6,
  arbitrary: fc.record({
    script: fc.oneof(
      fc.record({ role: fc.constant('commercial' as const), steps: steps(commercialStep) }),
      fc.record({ role: fc.constant('admin' as const), steps: steps(adminStep) }),
    ),
    refresh: fc.boolean(),
    cutAfter: fc.option(fc.nat(10)),
  }),
  open: async (target) => ({
    attempt: async ({ script, refresh, cutAfter }) => {
      const user = target.newUser(script.role);
      const pages = await Promise.all([target.relay.join(user), target.relay.join(user)]);
      const running: Promise<Outcome>[] = [];
      for (const [index, { step, page, wait }] of script.steps.entries()) {
        const at = pages[page] ?? pages[0];
        if (index === cutAfter) at.cut();
        if (refresh && index === 1) running.push(settle(at, 'session:refresh', [{ token: realToken(user) }]));
        running.push(settle(at, step[0], [step[1]]));
        if (wait) await running.at(-1);
      }
      const outcomes = await Promise.all(running);
      for (const { socket } of pages) socket.disconnect();
      return (['disconnect', 'error', 'granted'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'silence';
    },
  }),
});
