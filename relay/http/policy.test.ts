import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningApp, runApp } from './testing/running-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'policy-'));
let app: RunningApp;

before(async () => {
  const path = join(folder, 'policy.yaml');
  writeFileSync(
    path,
    'version: 1\nteams: { nord: { limits: { heardPerDay: 30m } }, sud: { nobodyMayHear: ["rep-9"] } }\n',
  );
  app = await runApp({ POLICY_FILE: path, ALLOWED_ORIGINS: 'https://app.example.com' });
});
after(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

async function ask(token: string | null, query = '', more: Readonly<Record<string, string>> = {}) {
  const headers = { ...(token !== null && { authorization: `Bearer ${token}` }), ...more };
  const answer = await fetch(`${app.url}/api/policy${query}`, { headers });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

describe('GET /api/policy', () => {
  it('says in words what holds for the teams of the token, and for no other', async () => {
    const { status, body } = await ask('commercial', '?lang=en');
    assert.equal(status, 200);
    assert.match(body.policy, /^[0-9a-f]{64}$/);
    assert.deepEqual(
      body.teams.map(({ equipe }: { equipe: string }) => equipe),
      ['nord'],
    );
    const text = JSON.stringify(body);
    assert.match(text, /30.min a day/);
    assert.ok(!text.includes('rep-9'));
    assert.match(JSON.stringify((await ask('auditor-sud', '?lang=en')).body), /rep-9/);
  });

  it('speaks the language that is asked for', async () => {
    assert.equal((await ask('commercial', '', { 'accept-language': 'fr-CA, en;q=0.5' })).body.lang, 'fr');
    const { headers, body } = await ask('commercial', '', { 'accept-language': 'de' });
    assert.deepEqual(
      [body.lang, headers.get('content-language'), headers.get('cache-control')],
      ['en', 'en', 'no-store'],
    );
  });

  it('is told to who shows a token, from pages that may ask, with the parameter that there is', async () => {
    assert.equal((await ask(null)).body.error.code, 'token_missing');
    assert.equal((await ask('wrong')).status, 401);
    assert.equal((await ask('commercial', '?lang=de')).body.error.code, 'bad_request');
    assert.equal((await ask('commercial', '?language=fr')).status, 400);
    assert.equal((await ask('commercial', '', { origin: 'https://other.example' })).status, 403);
    const { headers } = await ask('commercial', '', { origin: 'https://app.example.com' });
    assert.equal(headers.get('access-control-allow-origin'), 'https://app.example.com');
  });

  it('says that there is none, and is refused to who asks too often', async () => {
    const without = await runApp();
    try {
      const answer = await fetch(`${without.url}/api/policy`, { headers: { authorization: 'Bearer admin-none' } });
      const { policy, teams } = await answer.json();
      assert.deepEqual([policy, teams.length, teams[0].equipe], [null, 1, null]);
    } finally {
      await without.close();
    }
    let last = 200;
    for (let i = 0; i < 60 && last !== 429; i++) last = (await ask('admin-nord')).status;
    assert.equal(last, 429);
  });
});
