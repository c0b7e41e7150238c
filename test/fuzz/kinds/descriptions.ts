/** Session descriptions with real transports behind them: broken, of the wrong kind, again and again. */
import fc from 'fast-check';
import { fixtureNames, readFixture } from '../../../relay/sdp/testing/fixtures.ts';
import { anyLine, mutatedDescription } from '../../../relay/sdp/testing/mutated-descriptions.ts';
import { fuzzKind } from '../kind.ts';
import { Attacker } from '../target.ts';

const mode = fc.constantFrom('connect' as const, 'restart-ice' as const);
const sdp = fc.oneof(
  { weight: 6, arbitrary: mutatedDescription },
  { weight: 1, arbitrary: fc.constantFrom(...[...fixtureNames('offer'), ...fixtureNames('answer')].map(readFixture)) },
  { weight: 1, arbitrary: fc.array(anyLine).map((lines) => ['v=0', ...lines].join('\r\n')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 500 }) },
);

/** What a commercial offers. */
export const offers = fuzzKind({
  name: 'broken offers',
  share: 7,
  arbitrary: fc.record({ mode, sdp, start: fc.boolean() }),
  open: async (target) => {
    const attacker = new Attacker(target, 'commercial');
    return {
      attempt: async ({ mode, sdp, start }) => {
        const outcome = await attacker.request('publish:offer', { mode, sdp });
        if (start && outcome === 'granted') await attacker.request('stream:start', {});
        return outcome;
      },
      close: () => attacker.close(),
    };
  },
});

/** What an admin answers, with the pair's commercial selected at times. */
export const answers = fuzzKind({
  name: 'broken answers',
  share: 7,
  arbitrary: fc.record({ mode, sdp, anew: fc.boolean(), select: fc.boolean() }),
  open: async (target) => {
    const attacker = new Attacker(target, 'admin');
    return {
      attempt: async ({ mode, sdp, anew, select }) => {
        if (anew) await attacker.request('listen:connect', { mode });
        if (select) await attacker.request('listen:select', { commercialId: 'cleo' });
        return attacker.request('listen:answer', { sdp });
      },
      close: () => attacker.close(),
    };
  },
});
