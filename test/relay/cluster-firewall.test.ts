/** The firewall rules of docs/cluster.md hold what they promise: pipes only between nodes, plain HTTP only for the balancer. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { NetworkNamespace, namespaceSupport } from '../harness/network/network-namespace.ts';
import { hasCommand, runCommand } from '../harness/network/run-command.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/cluster.md', import.meta.url));
const PROGRAM = fileURLToPath(new URL('firewall/receive-from.ts', import.meta.url));
const NODE = '10.0.0.12';
const BALANCER = '10.0.0.10';
const STRANGER = '10.0.0.99';
const support = await namespaceSupport();
const missing = (await hasCommand('nft')) ? null : 'the `nft` command (nftables) is not installed';

test('pipe ports take packets from nodes alone, the HTTP port connections from the balancer alone; media ports are left alone', {
  skip: support.supported ? (missing ?? false) : support.reason,
}, async () => {
  const [, rules] =
    /```text\n(table inet prospect_live_cluster \{[\s\S]*?\n\})\n```/.exec(await readFile(DOCUMENT, 'utf8')) ?? [];
  assert.ok(rules, 'the rules are not in docs/cluster.md any more');
  const loopback = '    iif lo accept\n';
  assert.ok(rules.includes(loopback));
  const folder = await mkdtemp(join(tmpdir(), 'prospect-firewall-'));
  const file = join(folder, 'rules.nft');
  // Here everything comes by the loopback.
  await writeFile(file, rules.replace(loopback, ''));
  try {
    for (const [protocol, port, expected] of [
      ['udp', 45000, [NODE]],
      ['udp', 45999, [NODE]],
      ['udp', 44400, [NODE, BALANCER, STRANGER]],
      ['tcp', 8080, [BALANCER]],
      ['tcp', 44400, [NODE, BALANCER, STRANGER]],
    ] as const) {
      const network = await NetworkNamespace.create();
      try {
        const words = [file, protocol, String(port), NODE, BALANCER, STRANGER];
        const [command, ...args] = network.wrap(process.execPath, [PROGRAM, ...words]);
        assert.deepEqual(JSON.parse(await runCommand(command, args)), expected, `${protocol} port ${port}`);
      } finally {
        await network.close();
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
