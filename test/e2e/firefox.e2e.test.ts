/** In Firefox: the main job end to end (blue button, headphones, sound, stop), and the page /doctor. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { NetworkNamespace, namespaceSupport } from '../harness/network/network-namespace.ts';
import type {
  DoctorFindings,
  FirefoxFindings,
  SealedFindings,
  WhisperFindings,
  WishFindings,
} from './firefox/findings.ts';

const support = await namespaceSupport();
const options = { skip: support.supported ? false : support.reason, timeout: 150_000 };

/** Runs a trial in a network of its own. @returns what it printed last */
async function tried(trial: string): Promise<unknown> {
  const network = await NetworkNamespace.create();
  try {
    const [link] = network.links;
    assert.ok(link);
    const firefox = process.env.FIREFOX_BIN ?? '/usr/bin/firefox-esr';
    const file = fileURLToPath(new URL(`firefox/${trial}.ts`, import.meta.url));
    const [command, ...args] = network.wrap(process.execPath, [file, link.address, firefox]);
    const { stdout } = await promisify(execFile)(command, args, { timeout: 120_000 });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } finally {
    await network.close();
  }
}

test('Firefox: a commercial goes live, an admin hears, and stop ends it', options, async () => {
  const findings = (await tried('trial')) as FirefoxFindings;
  assert.match(findings.version, /firefox/i);
  assert.ok(findings.heard.packets > findings.before.packets + 50, JSON.stringify(findings));
  assert.ok(findings.heard.energy > findings.before.energy, JSON.stringify(findings));
  assert.deepEqual(findings.problems, []);
});

test('Firefox: the page /doctor reaches the relay by every way, and what it sends comes back', options, async () => {
  const { version, checks, report, problems } = (await tried('doctor-trial')) as DoctorFindings;
  assert.match(version, /firefox/i);
  for (const name of ['secure', 'version', 'clock', 'permission', 'socket', 'token', 'udp', 'tcp'])
    assert.equal(checks[name], 'ok', `${name}: ${report}`);
  // Without a sound card Firefox plays nothing, of which the page warns: by its packets the sound came back all the same.
  assert.match(report, /^loop: (?:ok|warning) \(came back in \d+ ms/m);
  assert.deepEqual(problems, []);
});

test(
  'Firefox: sealed streams are heard there, and between it and Chromium; with another key there is silence and words',
  options,
  async () => {
    const findings = (await tried('sealed-trial')) as SealedFindings;
    const told = JSON.stringify(findings);
    assert.ok(findings.withWrongKey < findings.withRightKey / 1000, told);
    assert.match(findings.words, /une autre clé/);
    assert.ok(findings.withRightKey > 0, told);
    assert.match(findings.lock, /Chiffré de bout en bout/);
    // The tone of Firefox's made up microphone.
    assert.ok(Math.abs(findings.tone - 1_000) <= 10 && findings.loudness > 0.005, told);
    assert.ok(findings.voice > 0.65, told);
    assert.deepEqual(findings.problems, []);
  },
);

test(
  'Firefox: what a public client publishes over WHIP is heard over WHEP, by the relay’s own offer',
  options,
  async () => {
    const findings = (await tried('wish-trial')) as WishFindings;
    const told = JSON.stringify(findings);
    assert.match(findings.session, /\/whip\/[\w-]{22}$/, told);
    assert.deepEqual([findings.status, findings.payloadType], [406, 109], told);
    assert.ok(findings.heard.packets > findings.before.packets + 50, told);
    assert.ok(findings.heard.energy > findings.before.energy, told);
    assert.deepEqual(findings.listeners, ['ada']);
    assert.deepEqual(findings.problems, []);
  },
);

test('Firefox: a whisper is heard in the ear, and both pages say who speaks', options, async () => {
  const findings = (await tried('whisper-trial')) as WhisperFindings;
  const told = JSON.stringify(findings);
  assert.ok(findings.heard.energy > findings.before.energy, told);
  assert.match(findings.shown[0] ?? '', /Sophie Bernard vous parle/, told);
  assert.match(findings.shown[1] ?? '', /vous entend/, told);
  assert.deepEqual(findings.problems, []);
});
