import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Environment } from '../config.ts';
import type { AppParts } from './app.ts';
import { ask } from './testing/http-client.ts';
import { type RunningApp, runApp } from './testing/running-app.ts';

const running: RunningApp[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

const METRICS_TOKEN = 'the-metrics-token';

/** An application whose relay counts how often it was told to drain. */
async function start(env: Environment = {}, parts: Partial<AppParts> = {}) {
  const asked = { times: 0 };
  const drain = () => {
    asked.times += 1;
    return { sessions: 12, moving: true, withinMs: 60_000 };
  };
  const app = await runApp(env, { drain, ...parts });
  running.push(app);
  const call = (authorization?: string, method = 'POST', origin?: string) =>
    ask(`${app.url}/admin/drain`, {
      method,
      headers: { ...(authorization !== undefined && { authorization }), ...(origin && { origin }) },
    });
  return { asked, call };
}

describe('POST /admin/drain', () => {
  it('stops the relay for who has the metrics token, and says what happens, each time', async () => {
    const { asked, call } = await start({ METRICS_TOKEN });
    for (const time of [1, 2]) {
      const answer = await call(`Bearer ${METRICS_TOKEN}`);
      assert.equal(answer.status, 202);
      assert.deepEqual(answer.json(), { status: 'draining', sessions: 12, moving: true, within_ms: 60_000 });
      assert.equal(answer.headers['cache-control'], 'no-store');
      assert.equal(asked.times, time);
    }
  });

  it('does nothing for anybody else, by another method, or where no token is set', async () => {
    const closed = await start({ METRICS_TOKEN });
    assert.equal((await closed.call()).status, 401);
    const { status, headers } = await closed.call('Bearer another');
    assert.deepEqual([status, headers['www-authenticate']], [401, 'Bearer error="invalid_token"']);
    assert.equal((await closed.call(METRICS_TOKEN)).status, 401);
    for (const method of ['GET', 'PUT', 'DELETE'])
      assert.equal((await closed.call(`Bearer ${METRICS_TOKEN}`, method)).status, 404, method);
    const open = await start();
    for (const authorization of [`Bearer ${METRICS_TOKEN}`, 'Bearer null', undefined])
      assert.equal((await open.call(authorization)).status, 404);
    assert.equal(closed.asked.times + open.asked.times, 0);
  });

  it('is not for pages: of a foreign origin refused, of an allowed one by the browser', async () => {
    const { asked, call } = await start({ METRICS_TOKEN, ALLOWED_ORIGINS: 'https://app.example.com' });
    assert.equal((await call(`Bearer ${METRICS_TOKEN}`, 'POST', 'https://evil.example')).status, 403);
    const preflight = await call(undefined, 'OPTIONS', 'https://app.example.com');
    assert.doesNotMatch(String(preflight.headers['access-control-allow-methods']), /POST/);
    assert.equal(asked.times, 0);
  });

  it('says so while the relay is starting', async () => {
    const { call } = await start({ METRICS_TOKEN }, { drain: () => null });
    const answer = await call(`Bearer ${METRICS_TOKEN}`);
    assert.deepEqual([answer.status, /"starting"/.test(answer.text)], [503, true]);
  });

  it('answers ten wrong calls at once, and the right one whatever others call', async () => {
    const { asked, call } = await start({ METRICS_TOKEN });
    for (let time = 0; time < 10; time += 1) assert.equal((await call('Bearer guess')).status, 401);
    for (const wrong of ['Bearer guess', METRICS_TOKEN, undefined]) assert.equal((await call(wrong)).status, 429);
    assert.equal(asked.times, 0);
    assert.deepEqual([(await call(`Bearer ${METRICS_TOKEN}`)).status, asked.times], [202, 1]);
  });
});
