/** A relay's process with a policy: it starts with a good file alone, holds pages to it, and reads it anew on SIGHUP. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { LivePage } from '../signalling/testing/live-page.ts';

const SECRET = 'the secret of these tests, 32 bytes or more';
const MAIN = join(import.meta.dirname, '..', 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'relay-start-policy-'));
const file = join(folder, 'policy.yaml');
after(() => rmSync(folder, { recursive: true }));

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** Starts a relay with this policy. */
function start(policy: string) {
  writeFileSync(file, policy);
  const { PATH = '', MEDIASOUP_WORKER_BIN } = process.env;
  const child = spawn(process.execPath, [MAIN], {
    cwd: folder,
    env: {
      PATH,
      ...(MEDIASOUP_WORKER_BIN !== undefined && { MEDIASOUP_WORKER_BIN }),
      HOST: '127.0.0.1',
      HTTP_PORT: '0',
      MEDIA_PORT: '0',
      MEDIA_WORKERS: '1',
      JWT_SECRET: SECRET,
      POLICY_FILE: file,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  const said = { text: '' };
  for (const output of [child.stdout, child.stderr]) {
    output?.on('data', (data) => {
      said.text += data;
    });
  }
  return { child, said };
}

const CONSENT = 'version: 1\nteams: { "*": { consent: { version: "a", text: { en: You may be heard. } } } }\n';

it('holds pages to it, takes another one on SIGHUP, and keeps it when the next is bad', async () => {
  const { child, said } = start(CONSENT);
  const { http } = z.object({ http: z.number() }).parse((await once(child, 'message'))[0]);
  const token = jwt.sign({ sub: 'c-1', role: 'commercial', name: 'Anna', equipe: 'nord' }, SECRET, { expiresIn: 60 });
  const page = LivePage.dial(`http://127.0.0.1:${http}`, { token });
  assert.equal((await page.until('session:ready')).policy, true);
  const { consent } = await page.until('policy:changed');
  assert.deepEqual(consent, { version: 'a', text: { en: 'You may be heard.' }, given: false });
  assert.equal(await page.refused('stream:start', {}), 'consent_required');
  assert.deepEqual(await page.request('consent:give', { version: 'a' }), {});
  // The policy lets it pass: now it is the media that is missing.
  assert.equal(await page.refused('stream:start', {}), 'not_connected');

  writeFileSync(file, CONSENT.replaceAll('"a"', '"b"'));
  child.kill('SIGHUP');
  await page.until('policy:changed', (changed) => changed.consent?.version === 'b' && !changed.consent.given);
  assert.equal(await page.refused('stream:start', {}), 'consent_required');

  writeFileSync(file, 'version: 1\nteam: {}\n');
  child.kill('SIGHUP');
  while (!said.text.includes('stays in force')) await sleep(20);
  assert.match(said.text, /team, line 2: .*Is teams meant\?/);
  assert.equal(await page.refused('stream:start', {}), 'consent_required');
  const events = said.text
    .split('\n')
    .flatMap((line) => (line.includes('"audit":true') ? [JSON.parse(line).event] : []));
  assert.deepEqual(events, [
    'policy_loaded',
    'policy_refused',
    'consent_given',
    'policy_loaded',
    'policy_refused',
    'policy_refused',
  ]);
  page.socket.disconnect();
});

it('does not start with one that cannot be used', async () => {
  const { child, said } = start('version: 1\nteams: { nord: { limits: { heardPerDai: 1h } } }\n');
  const [code] = await once(child, 'close');
  assert.equal(code, 1);
  assert.match(
    said.text,
    /^POLICY_FILE: The policy .* has a problem:\n.*Is heardPerDay meant\? \(policy_unknown_key\)/,
  );
});
