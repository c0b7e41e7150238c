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
    /** Waits for messages, as a page does; Engine.IO keeps a session that it has closed for half a minute until somebody does. */
    const poll = async (url: string): Promise<void> => {
      const answer = fetch(url, { signal: AbortSignal.timeout(2_000) });
      await answer.then((response) => response.arrayBuffer()).catch(() => undefined);
    };
    const bye = (url: string): Promise<unknown> =>
      post(url, '1')
        .then((response) => response.arrayBuffer())
        .catch(() => undefined);
    return {
      attempt: async (value) => {
        const statuses: number[] = [];
        const ask = async (answer: Promise<Response>): Promise<string> => {
          try {
            const response = await answer;
            statuses.push(response.status);
            return await response.text();
          } catch {
            statuses.push(0); // cut off by the relay
            return '';
          }
        };
        if (value.kind === 'post') {
          const url = await open();
          const polling = poll(url);
          await ask(post(url, value.body));
          await Promise.all([bye(url), polling]);
        } else if (value.kind === 'query') {
          const asked = `${base}?${new URLSearchParams(value.query)}`;
          const text = await ask(value.post ? post(asked, '40') : fetch(asked));
          const sid = /"sid":"([^"]+)"/.exec(text)?.[1];
          if (sid !== undefined) {
            const url = `${base}?EIO=4&transport=polling&sid=${sid}`;
            const polling = poll(url);
            await Promise.all([bye(url), polling]);
          }
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
