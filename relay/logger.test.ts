import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createLogger } from './logger.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('info', { destination: { write: (line) => void lines.push(line) } }));
  return lines.join('');
}

it('writes one JSON object per line, with a level in words and a time', () => {
  const line: unknown = JSON.parse(logged((logger) => logger.info({ socket: 's-1' }, 'connected')));
  assert(typeof line === 'object' && line !== null);
  assert.deepEqual(Object.keys(line), ['level', 'time', 'socket', 'msg']);
  assert.equal('level' in line && line.level, 'info');
});

it('keeps tokens, session descriptions and credentials out, wherever they stand', () => {
  const secrets = ['token', 'authorization', 'cookie', 'sdp', 'password', 'secret', 'credential', 'sessionId'];
  for (const key of secrets) {
    const value = `do-not-print-${key}`;
    const text = logged((logger) => {
      logger.info({ [key]: value }, 'top');
      logger.info({ auth: { [key]: value } }, 'one down');
      logger.info({ req: { headers: { [key]: value } } }, 'two down');
      logger.info({ a: { b: { c: { [key]: value } } } }, 'three down');
      logger.child({ [key]: value }).info('in a child');
    });
    assert.doesNotMatch(text, /do-not-print/, key);
    assert.equal(text.split('[redacted]').length - 1, 5, key);
  }
});

it('says nothing below its level', () => {
  assert.equal(
    logged((logger) => logger.debug('detail')),
    '',
  );
});
