/** The main job end to end in Firefox: blue button, headphones, sound, stop. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { NetworkNamespace, namespaceSupport } from '../harness/network/network-namespace.ts';
import type { FirefoxFindings } from './firefox/findings.ts';

const TRIAL = fileURLToPath(new URL('firefox/trial.ts', import.meta.url));
const support = await namespaceSupport();

test('Firefox: a commercial goes live, an admin hears, and stop ends it', {
  skip: support.supported ? false : support.reason,
  timeout: 150_000,
}, async () => {
  const network = await NetworkNamespace.create();
  try {
    const [link] = network.links;
    assert.ok(link);
    const firefox = process.env.FIREFOX_BIN ?? '/usr/bin/firefox-esr';
    const [command, ...args] = network.wrap(process.execPath, [TRIAL, link.address, firefox]);
    const { stdout } = await promisify(execFile)(command, args, { timeout: 120_000 });
    const findings = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as FirefoxFindings;
    assert.match(findings.version, /firefox/i);
    assert.ok(findings.heard.packets > findings.before.packets + 50, JSON.stringify(findings));
    assert.ok(findings.heard.energy > findings.before.energy, JSON.stringify(findings));
    assert.deepEqual(findings.problems, []);
  } finally {
    await network.close();
  }
});
