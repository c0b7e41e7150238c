import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { ask } from './testing/http-client.ts';
import { type RunningApp, runApp, VERSION } from './testing/running-app.ts';

describe('the page /doctor', () => {
  const apps: RunningApp[] = [];
  after(() => Promise.all(apps.map((app) => app.close())));
  const start = async (...how: Parameters<typeof runApp>) => {
    const app = await runApp(...how);
    apps.push(app);
    return app.url;
  };

  it('is a document with one script of the relay’s own, and a policy that lets it load nothing else', async () => {
    const url = await start();
    const { status, headers, text } = await ask(`${url}/doctor`);
    assert.equal(status, 200);
    assert.match(String(headers['content-type']), /^text\/html/);
    assert.deepEqual(
      [...text.matchAll(/<script[^>]*src="([^"]*)"/g)].map(([, src]) => src),
      ['widgets/prospect-doctor.js'],
    );
    assert.doesNotMatch(text, /<script(?![^>]*src=)|<style| on\w+=| style=/);
    const policy = String(headers['content-security-policy']);
    const host = new URL(url).host;
    assert.match(policy, /^default-src 'none'; script-src 'self'; connect-src 'self' ws:\/\/127/);
    assert.ok(policy.includes(` wss://${host};`));
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.equal(headers['permissions-policy'], 'microphone=(self), autoplay=(self)');
    // A host header that would change the policy is left out of it.
    const forged = await ask(`${url}/doctor`, { headers: { host: "x; script-src 'unsafe-inline'" } });
    assert.doesNotMatch(String(forged.headers['content-security-policy']), /unsafe/);
    assert.equal((await ask(`${url}/doctor/`)).status, 404, 'from there its relative addresses would lead astray');
  });

  it('is told what only the relay knows', async () => {
    const facts = async (expiry: number | null) =>
      (await ask(`${await start({}, { certificateExpiry: () => expiry })}/doctor/facts`)).json();
    assert.deepEqual(await facts(null), { version: VERSION, certificate_days_left: null });
    assert.deepEqual(await facts(Date.now() + 10.5 * 86_400_000), { version: VERSION, certificate_days_left: 10 });
  });
});
