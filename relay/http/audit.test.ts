import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { AuditDirectory } from '../audit/audit-directory.ts';
import { type RunningApp, runApp } from './testing/running-app.ts';

const root = mkdtempSync(join(tmpdir(), 'audit-'));
let app: RunningApp;
let trail: AuditDirectory;

const hearing = (name: string, commercial: string, admin: string, equipe = 'nord') =>
  trail.record({ event: 'hearing_began', hearing: name, stream: 's', commercial, equipe, admin });

before(async () => {
  trail = await AuditDirectory.open({ root, chain: 'a', retentionDays: () => null, logger: pino({ level: 'silent' }) });
  app = await runApp({ AUDIT_DIR: root });
});
after(async () => {
  await app.close();
  trail.close();
  rmSync(root, { recursive: true });
});

async function ask(token: string | null, query = '') {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`${app.url}/api/audit${query}`, { headers });
  return { status: answer.status, body: await answer.json() };
}

const hearings = (body: { entries: { hearing?: string }[] }) => body.entries.flatMap(({ hearing: name }) => name ?? []);

describe('GET /api/audit', () => {
  it('shows each what concerns them, and nothing else', async () => {
    hearing('h1', 'c-1', 'a-1');
    hearing('h2', 'c-1', 'a-9');
    hearing('h3', 'c-2', 'a-1', 'sud');
    hearing('h4', 'c-2', 'a-9', 'sud');
    // Ids that look alike are of two persons: a commercial is no admin.
    hearing('h5', 'a-1', 'c-1', 'est');
    assert.deepEqual(hearings((await ask('commercial')).body), ['h1', 'h2']);
    assert.deepEqual(hearings((await ask('admin-nord')).body), ['h1', 'h3']);
    const auditor = (await ask('auditor-sud')).body;
    assert.deepEqual(hearings(auditor), ['h3', 'h4']);
    const events: string[] = auditor.entries.map(({ event }: { event: string }) => event);
    assert.deepEqual(events.slice(0, 2), ['chain_began', 'trail_opened']);
    assert.ok(!('prev' in auditor.entries[0]));
  });

  it('needs a token that is good', async () => {
    assert.equal((await ask(null)).body.error.code, 'token_missing');
    assert.deepEqual(
      [(await ask('wrong')).status, (await ask('wrong')).body.error.code],
      [401, 'token_signature_invalid'],
    );
  });

  it('is read in pages', async () => {
    const first = (await ask('commercial', '?limit=1')).body;
    assert.deepEqual(hearings(first), ['h1']);
    const second = (await ask('commercial', `?limit=1&after=${first.next}`)).body;
    assert.deepEqual(hearings(second), ['h2']);
    assert.equal(second.next, null);
    assert.deepEqual((await ask('commercial', '?to=2020-01-01')).body, { entries: [], next: null });
  });

  for (const [query, words] of [
    ['?form=2026-01-01', /no parameter form; there are from, to, limit and after/],
    ['?from=yesterday', /The parameter from must be a day in UTC/],
    ['?limit=0', /The parameter limit must be/],
    ['?limit=1&limit=2', /limit is there twice/],
    ['?after=nonsense', /The parameter after must be the "next" of the answer before/],
    ['?after=eyJkYXkiOiIuLi8uLi8ifQ', /The parameter after must be/],
  ] as const) {
    it(`refuses ${query} with what to do`, async () => {
      const { status, body } = await ask('commercial', query);
      assert.deepEqual([status, body.error.code], [400, 'bad_request']);
      assert.match(body.error.message, words);
    });
  }

  it('is refused to who asks too often', async () => {
    let last = 200;
    for (let i = 0; i < 60 && last !== 429; i++) last = (await ask('admin-none')).status;
    assert.equal(last, 429);
    assert.equal((await ask('auditor-sud')).status, 200);
  });

  it('says so where no trail is kept', async () => {
    const without = await runApp();
    try {
      const answer = await fetch(`${without.url}/api/audit`, { headers: { authorization: 'Bearer commercial' } });
      assert.equal(answer.status, 404);
      assert.match(await answer.text(), /AUDIT_DIR is not set/);
    } finally {
      await without.close();
    }
  });
});
