/** Handshakes: tokens of every kind but a good one, and good tokens beside anything else. */
import fc from 'fast-check';
import { realToken } from '../../harness/relay/real-relay.ts';
import { fuzzKind } from '../kind.ts';
import type { Outcome } from '../outcome.ts';
import { judgeCode } from '../target.ts';
import { anyValue, hostileText } from '../values.ts';

const part = fc.oneof(
  hostileText,
  fc.base64String(),
  fc.json().map((json) => Buffer.from(json).toString('base64url')),
);

const auth = fc.oneof(
  fc.record({ token: anyValue, rest: fc.constant({}) }),
  fc.record({ token: fc.tuple(part, part, part).map((parts) => parts.join('.')), rest: fc.constant({}) }),
  // A good token with one character changed.
  fc.record({ token: fc.tuple(fc.nat(), hostileText).map(([at, text]) => ({ at, text })), rest: fc.constant({}) }),
  fc.record({
    token: fc.constant('good' as const),
    rest: fc.dictionary(fc.oneof(fc.constantFrom('sessionId', 'version', 'protocol', 'token2'), hostileText), anyValue),
  }),
);

/** Anything as a handshake. */
export const handshakes = fuzzKind({
  name: 'handshakes',
  share: 6,
  arbitrary: auth,
  open: async (target) => ({
    attempt: async ({ token, rest }) => {
      const good = realToken(target.newUser('commercial'));
      const sent = typeof token === 'object' && token !== null && 'at' in token ? spoil(good, token) : token;
      const page = target.relay.dial({ ...rest, token: sent === 'good' ? good : sent });
      const { socket } = page;
      const outcome = await new Promise<Outcome>((resolve, reject) => {
        socket.once('session:ready', () => resolve('granted'));
        socket.once('connect_error', (error: Error & { data?: { code?: unknown; message?: unknown } }) => {
          // Without data it is the transport that failed: the relay closed the connection without a word.
          if (error.data === undefined) return resolve('disconnect');
          try {
            judgeCode(error.data.code, error.data.message);
            resolve('error');
          } catch (failure) {
            reject(failure);
          }
        });
        socket.once('disconnect', () => resolve('disconnect'));
      });
      socket.disconnect();
      return outcome;
    },
  }),
});

function spoil(good: string, change: object): string {
  const at = 'at' in change && typeof change.at === 'number' ? change.at % good.length : 0;
  const text = 'text' in change && typeof change.text === 'string' ? change.text : '';
  return good.slice(0, at) + text + good.slice(at + 1);
}
