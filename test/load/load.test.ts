/** What the load is told, read and refused; and the load itself against a real relay. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SECRET } from '../harness/relay/real-relay.ts';
import { runApart } from '../harness/run-apart.ts';
import { OptionError, readOptions } from './options.ts';

describe('options', () => {
  const env = { JWT_SECRET: SECRET };
  const url = ['--url', 'http://127.0.0.1:8080/live/'];

  it('have defaults, and are read', () => {
    const { streams, listeners, seconds, json, pids } = readOptions(url, env);
    assert.deepEqual([streams, listeners, seconds, json, pids], [1, 1, 20, false, []]);
    const read = readOptions([...url, '--streams', '100', '--listeners', '300', '--pids', '7,8', '--json'], env);
    assert.deepEqual([read.streams, read.listeners, read.pids, read.json], [100, 300, [7, 8], true]);
  });

  it('that cannot be used are refused in words', () => {
    for (const [args, words] of [
      [[], /--url is missing/],
      [['--url', 'relay'], /http/],
      [[...url, '--streams', '1.5'], /--streams is "1.5"/],
      [[...url, '--streams', '0'], /at least one stream/],
      [[...url, '--teams', '0'], /from 1 to/],
      [[...url, '--pids', 'x'], /process ids/],
      [[...url, '--stream', '5'], /--stream/],
      [[...url, '--secret-file', '/nowhere/at/all'], /cannot be read/],
      [[...url, '--secret-file', 'a', '--token-command', 'b'], /exclude/],
    ] as const)
      assert.throws(
        () => readOptions(args, env),
        (error) => error instanceof OptionError && words.test(error.message),
      );
    assert.throws(() => readOptions(url, {}), /no way to tokens/);
  });

  it('a token command is told whose token it is for', async () => {
    const command = 'echo "$TOKEN_SUB|$TOKEN_ROLE|$TOKEN_NAME|$TOKEN_TEAMS"';
    const { tokens } = readOptions([...url, '--token-command', command], {});
    assert.equal(await tokens({ role: 'admin', id: 'a1', name: 'A', equipes: ['x', 'y'] }), 'a1|admin|A|x,y');
    assert.equal(await tokens({ role: 'commercial', id: 'c1', name: 'C', equipe: 'x' }), 'c1|commercial|C|x');
  });
});

it('the load on a real relay', () => runApart(new URL('load-on-relay.ts', import.meta.url)));
