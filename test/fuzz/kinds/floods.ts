/** Too much: messages faster than allowed, messages larger than allowed, more pages than a user may have. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { realToken } from '../../harness/relay/real-relay.ts';
import { fuzzKind } from '../kind.ts';
import type { Outcome } from '../outcome.ts';
import { Attacker, MESSAGES_PER_SECOND, settle } from '../target.ts';

const request = fc.constantFrom<readonly [string, unknown]>(
  ['stream:voice', { level: 1 }],
  ['stream:stop', {}],
  ['nonsense', {}],
  ['publish:offer', { mode: 'connect', sdp: 'v=0' }],
);

/** Each case is one flood of hundreds of messages. */
export const messageFloods = fuzzKind({
  name: 'floods of messages (each several hundred)',
  share: 0.2,
  arbitrary: fc.record({ request, size: fc.integer({ min: MESSAGES_PER_SECOND * 3, max: MESSAGES_PER_SECOND * 10 }) }),
  open: async (target) => ({
    attempt: async ({ request: [name, params], size }) => {
      const page = await target.relay.join(target.newUser('commercial'));
      const outcomes = await Promise.all(Array.from({ length: size }, () => settle(page, name, [params])));
      const refused = page.disconnected || outcomes.includes('error');
      assert.ok(refused, `${size} messages at once were all let pass`);
      const gone = page.disconnected;
      if (gone) assert.equal(page.all('session:ended')[0]?.code, 'rate_limited');
      page.socket.disconnect();
      return gone ? 'disconnect' : 'error';
    },
  }),
});

/** Around and above the limit of a message's size. */
export const oversize = fuzzKind({
  name: 'messages around and above the size limit',
  share: 0.8,
  arbitrary: fc.record({
    size: fc.oneof(fc.integer({ min: 60_000, max: 70_000 }), fc.integer({ min: 70_000, max: 2_000_000 })),
    binary: fc.boolean(),
  }),
  open: async (target) => {
    const attacker = new Attacker(target, 'commercial');
    return {
      attempt: async ({ size, binary }) => {
        const sdp = binary ? Buffer.alloc(size, 1) : 'x'.repeat(size);
        const outcome = await attacker.request('publish:offer', { mode: 'connect', sdp });
        if (size > 66_000) assert.equal(outcome, 'disconnect');
        return outcome;
      },
      close: () => attacker.close(),
    };
  },
});

/** Each case is one user with more pages at once than the relay allows. */
export const connectionFloods = fuzzKind({
  name: 'floods of connections of one user',
  share: 0.1,
  arbitrary: fc.integer({ min: 11, max: 30 }),
  open: async (target) => ({
    attempt: async (pages) => {
      const token = realToken(target.newUser('admin'));
      const dialled = Array.from({ length: pages }, () => target.relay.dial({ token }));
      const outcomes = await Promise.all(
        dialled.map(
          ({ socket }) =>
            new Promise<Outcome>((resolve) => {
              socket.once('session:ready', () => resolve('granted'));
              socket.once('connect_error', (error: Error & { data?: { code?: unknown } }) =>
                resolve(error.data?.code === 'rate_limited' ? 'error' : 'disconnect'),
              );
            }),
        ),
      );
      for (const { socket } of dialled) socket.disconnect();
      assert.ok(outcomes.filter((outcome) => outcome === 'granted').length <= 10, 'one user has more than 10 pages');
      assert.ok(outcomes.includes('error'), 'nobody was told why');
      return 'error';
    },
  }),
});
