/** Long polling and plain HTTP: bodies, queries, methods and tokens that make no sense. */
import fc from 'fast-check';
import { fuzzKind } from '../kind.ts';
import { hostileText } from '../values.ts';

const SEPARATOR = '\u001e';

const body = fc.oneof(
  hostileText,
  fc.array(hostileText, { maxLength: 5 }).map((parts) => parts.join(SEPARATOR)),
  fc.constantFrom('40', '40{}', '40null', '42["stream:stop",{}]', '451-["x"]', 'bAAAA', '4', '', '6', '2probe', '5'),
  fc.integer({ min: 60_000, max: 200_000 }).map((size) => `40${'x'.repeat(size)}`),
);
const query = fc.dictionary(
  fc.constantFrom('EIO', 'transport', 'sid', 't', 'b64', 'j', '__proto__', 'x'),
  fc.oneof(fc.constantFrom('4', '3', 'polling', 'websocket', 'webtransport', '', 'NaN'), hostileText),
);
const paths = fc.constantFrom(
  '/health',
  '/health/ready',
  '/api/streaming/status',
  '/metrics',
  '/widgets/x.js',
  '/nothing',
);

const input = fc.oneof(
  fc.record({ kind: fc.constant('post' as const), body }),
  fc.record({ kind: fc.constant('query' as const), query, post: fc.boolean() }),
  fc.record({
    kind: fc.constant('http' as const),
    path: fc
      .tuple(paths, fc.constantFrom('', '/', '/../..', '%00', '%', '?a[]=1&a[b]=2', '//x'))
      .map((parts) => parts.join('')),
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'),
    authorization: fc.stringMatching(/^[\x21-\x7e]{0,60}$/).map((text) => `Bearer ${text}`),
  }),
);

/** HTTP and Engine.IO's long polling. */
export const polling = fuzzKind({
  name: 'long polling and HTTP requests',
  share: 4,
  arbitrary: input,
  open: async (target) => {
    const base = `${target.relay.url}/socket.io/`;
    const open = async (): Promise<string> => {
      const answer = await fetch(`${base}?EIO=4&transport=polling`);
      const { sid } = JSON.parse((await answer.text()).slice(1));
      return `${base}?EIO=4&transport=polling&sid=${sid}`;
    };
    const post = (url: string, text: string): Promise<Response> =>
      fetch(url, { method: 'POST', body: text, headers: { 'content-type': 'text/plain;charset=UTF-8' } });
    return {
      attempt: async (value) => {
        const statuses: number[] = [];
        const ask = async (answer: Promise<Response>): Promise<void> => {
          try {
            const response = await answer;
            await response.arrayBuffer();
            statuses.push(response.status);
          } catch {
            statuses.push(0); // cut off by the relay
          }
        };
        if (value.kind === 'post') {
          const url = await open();
          await ask(post(url, value.body));
          // The transport may have closed for it, which is an answer too.
          await post(url, '1')
            .then((response) => response.arrayBuffer())
            .catch(() => undefined);
        } else if (value.kind === 'query') {
          const url = `${base}?${new URLSearchParams(value.query)}`;
          await ask(value.post ? post(url, '40') : fetch(url));
        } else {
          const { method, path, authorization } = value;
          await ask(fetch(`${target.relay.url}${path}`, { method, headers: { authorization } }));
        }
        const status = statuses[0] ?? 0;
        if (status >= 500) throw new Error(`the relay answered ${status}`);
        return status === 0 ? 'disconnect' : status >= 400 ? 'error' : 'granted';
      },
    };
  },
});
