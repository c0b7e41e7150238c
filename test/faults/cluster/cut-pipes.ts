import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeName } from '../../harness/cluster/haproxy.ts';
import { namespaceSupport } from '../../harness/network/network-namespace.ts';
import { hasCommand, runCommand } from '../../harness/network/run-command.ts';
import { lea, nadia } from '../../harness/people.ts';
import { waitUntil } from '../../harness/wait.ts';
import { atLeast, atMost, type Finding, same } from '../measure/finding.ts';
import type { ClusterCase, ClusterContext } from './cluster-case.ts';
import { runInOwnNetwork } from './own-network.ts';
import { Pair } from './pair.ts';
import { Watch } from './watch.ts';

/** Where each relay's pipes are, so that packets between two of them can be told from all others. */
export const PIPE_ADDRESSES: Readonly<Record<NodeName, string>> = { a: '127.0.0.11', b: '127.0.0.12', c: '127.0.0.13' };

const CUT_MS = { short: 6_000, long: 10_000 };

/** No packet passes between a's pipes and those of others. @returns the function that lets them pass */
async function cutPipesOfA(): Promise<() => Promise<void>> {
  const { a, b, c } = PIPE_ADDRESSES;
  const rules = `
    table inet cut {
      chain out {
        type filter hook output priority filter; policy accept;
        ip saddr ${a} ip daddr { ${b}, ${c} } counter drop
        ip saddr { ${b}, ${c} } ip daddr ${a} counter drop
      }
    }`;
  await runCommand('nft', [rules]);
  return async () => void (await runCommand('nft', ['delete table inet cut']));
}

/** What runs in a network of its own, by its name. */
export const INSIDE = {
  /** They still talk over Redis; audio between them is lost, and comes again by itself. */
  async pipes({ stage, long }: ClusterContext): Promise<Finding[]> {
    const cutMs = long ? CUT_MS.long : CUT_MS.short;
    const pair = await Pair.meet(stage, 'a', 'b');
    const from = await pair.now();
    const bringBack = await cutPipesOfA();
    await sleep(cutMs);
    const during = await pair.silenceSince(from);
    await bringBack();
    await pair.admin.probe.waitForSound();
    const whole = await pair.silenceSince(from);
    return [
      atLeast('silence while it lasts', during, cutMs / 1_000 - 1, 's'),
      atMost('silence beyond that', whole - cutMs / 1_000, 2, 's', 5),
      ...(await pair.end(stage)),
    ];
  },
  /** As if the home's machine had lost its network but for its pages. */
  async both({ stage, long }: ClusterContext): Promise<Finding[]> {
    const pair = await Pair.meet(stage, 'a', 'b');
    const newcomer = await stage.admin(nadia, 'c');
    await waitUntil('the commercial in the newcomer’s list', async () => (await newcomer.rowState(lea)) === 'live');
    const watch = new Watch([pair.commercial], newcomer, nadia);
    const bringBack = [stage.cutFromRedis('a'), await cutPipesOfA()];
    await sleep(1_000);
    await newcomer.toggleHeadphones(lea);
    await sleep(long ? CUT_MS.long : CUT_MS.short);
    const early = await newcomer.probe.voices(300);
    for (const back of bringBack) await back();
    const healed = performance.now();
    await newcomer.waitForState('listening', 20_000);
    await newcomer.probe.waitForSound();
    await pair.admin.probe.waitForSound();
    const tookMs = performance.now() - healed;
    const findings = [
      same('newcomer meanwhile: voices heard', early, 0),
      atMost('both heard after the return within', tookMs / 1_000, 5, 's', 20),
      ...(await watch.end('newcomer: ')),
    ];
    await stage.leave(newcomer);
    return [...findings, ...(await pair.end(stage))];
  },
} as const;

async function impossible(): Promise<string | null> {
  const support = await namespaceSupport();
  if (!support.supported) return support.reason;
  return (await hasCommand('nft')) ? null : 'nft is not installed (Debian, Ubuntu: `apt-get install nftables`)';
}

export const cutPipesCases: readonly ClusterCase[] = [
  {
    fault: 'cluster: the home is cut off from the other relays, not from Redis',
    longOnly: true,
    impossible,
    run: ({ long }) => runInOwnNetwork('pipes', long),
  },
  {
    fault: 'cluster: the home is cut off from the other relays and from Redis',
    impossible,
    run: ({ long }) => runInOwnNetwork('both', long),
  },
];
