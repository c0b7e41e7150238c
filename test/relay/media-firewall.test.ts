/** The firewall rules of docs/deployment.md hold what they promise: silent connections to the media ports are bounded for each address. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { NetworkNamespace, namespaceSupport } from '../harness/network/network-namespace.ts';
import { hasCommand, runCommand } from '../harness/network/run-command.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/deployment.md', import.meta.url));
const PROGRAM = fileURLToPath(new URL('firewall/count-connections.ts', import.meta.url));
const support = await namespaceSupport();
const missing = (await hasCommand('nft')) ? null : 'the `nft` command (nftables) is not installed';

test('of 150 connections from one address to a media port 100 come about, over IPv4 and IPv6; other ports are left alone', {
  skip: support.supported ? (missing ?? false) : support.reason,
}, async () => {
  const [, rules] =
    /```text\n(table inet prospect_live \{[\s\S]*?\n\})\n```/.exec(await readFile(DOCUMENT, 'utf8')) ?? [];
  assert.ok(rules, 'the rules are not in docs/deployment.md any more');
  const folder = await mkdtemp(join(tmpdir(), 'prospect-firewall-'));
  const file = join(folder, 'rules.nft');
  await writeFile(file, rules);
  try {
    for (const [address, port, expected] of [
      ['127.0.0.1', 44400, 100],
      ['::1', 44403, 100],
      ['127.0.0.1', 8443, 150],
    ] as const) {
      const network = await NetworkNamespace.create();
      try {
        const [command, ...args] = network.wrap(process.execPath, [PROGRAM, file, String(port), address, '150']);
        const { opened } = JSON.parse(await runCommand(command, args)) as { opened: number };
        assert.equal(opened, expected, `of 150 to ${address} port ${port}`);
      } finally {
        await network.close();
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
