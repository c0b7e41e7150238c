import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis as Client } from 'ioredis';
import { ClusterKeys } from '../../../relay/cluster/bus/cluster-keys.ts';
import { Sealer } from '../../../relay/cluster/bus/sealer.ts';
import { lea, sophie } from '../../harness/people.ts';
import { waitUntil } from '../../harness/wait.ts';
import { READER_PAUSE_MS } from '../cases/fault-case.ts';
import { atLeast, atMost, same } from '../measure/finding.ts';
import type { ClusterCase } from './cluster-case.ts';
import type { ClusterStage } from './cluster-stage.ts';
import { BUSY_PAUSE_MS, Pair } from './pair.ts';

/** Longer than any message may be. */
const TOO_LONG = 1_048_577;

interface Recorded {
  readonly channel: string;
  readonly text: string;
}

/** Somebody who has the relays' own password for Redis, and not the cluster's secret. */
class Attacker {
  readonly recorded: Recorded[] = [];
  readonly #ear: Client;
  readonly #hand: Client;

  private constructor(url: string) {
    this.#ear = new Client(url);
    this.#hand = new Client(url);
    this.#ear.on('pmessage', (_pattern, channel: string, text: string) => this.recorded.push({ channel, text }));
  }

  /** Records all that passes, until `deafen`. */
  static async begin(url: string): Promise<Attacker> {
    const attacker = new Attacker(url);
    await attacker.#ear.psubscribe('prospect:*');
    return attacker;
  }

  async deafen(): Promise<void> {
    await this.#ear.punsubscribe('prospect:*');
  }

  /** The channels in which something was said, but for those that only tell a relay that Redis answers. */
  get channels(): string[] {
    const all = new Set(this.recorded.map(({ channel }) => channel));
    return [...all].filter((channel) => !channel.includes(':probe:'));
  }

  async say(channel: string, text: string): Promise<void> {
    await this.#hand.publish(channel, text);
  }

  /** Writes nonsense over who has which id, and who claims what. */
  async write(key: string, text: string): Promise<void> {
    await this.#hand.set(key, text, 'PX', 60_000);
  }

  close(): void {
    this.#ear.disconnect();
    this.#hand.disconnect();
  }
}

/** By reason, over all relays. */
async function refusals(stage: ClusterStage): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  for (const node of stage.nodes) {
    for (const [name, count] of await node.metrics()) {
      const reason = /^prospect_relay_cluster_messages_refused_total\{reason="(\w+)"\}$/.exec(name)?.[1];
      if (reason) sums.set(reason, (sums.get(reason) ?? 0) + count);
    }
  }
  return sums;
}

/** Everything that can be done with what was recorded and with what can be made up. */
async function attack(attacker: Attacker): Promise<void> {
  const sealer = new Sealer(new ClusterKeys(randomBytes(48).toString('base64url')));
  const words = attacker.recorded.filter(({ channel }) => attacker.channels.includes(channel));
  for (const channel of attacker.channels) {
    await attacker.say(channel, randomBytes(200).toString('latin1'));
    await attacker.say(channel, `p1.${randomBytes(6).toString('base64url')}.${'A'.repeat(200)}`);
    await attacker.say(channel, sealer.seal(channel, JSON.stringify({ from: 'a', epoch: 1, seq: 1, kind: 'bye' })));
    await attacker.say(channel, 'A'.repeat(TOO_LONG));
  }
  // Again in the order in which it was said, backwards, each in another's channel, and changed at its end.
  for (const { channel, text } of words) await attacker.say(channel, text);
  for (const { channel, text } of words.toReversed()) await attacker.say(channel, text);
  for (const [at, { text }] of words.entries()) {
    const elsewhere = attacker.channels[at % attacker.channels.length] ?? '';
    await attacker.say(elsewhere, text);
    await attacker.say(elsewhere, `${text.slice(0, -8)}AAAAAAAA`);
  }
}

export const attackerInRedis: ClusterCase = {
  fault: 'cluster: an attacker who can write to Redis, without the secret',
  async run({ stage, long }) {
    const { redis } = stage.system.cluster;
    const pids = () => stage.nodes.map(({ pid }) => pid).join();
    const [ran, before] = [pids(), await refusals(stage)];
    const attacker = await Attacker.begin(redis.url);
    try {
      // What the relays say when somebody begins to hear somebody is recorded too.
      const pair = await Pair.meet(stage, 'a', 'b');
      await sleep(1_500);
      await attacker.deafen();
      const from = await pair.now();
      for (let round = 0; round < (long ? 20 : 2); round += 1) await attack(attacker);
      for (const { name } of stage.nodes) {
        await attacker.write(`prospect:{main}:node:${name}`, `${Date.now()} nonsense`);
        await attacker.write(`prospect:{main}:epoch:${name}`, '9'.repeat(400));
      }
      await sleep(4_000);
      const silence = await pair.silenceSince(from);
      const held = async () =>
        [await stage.pipes('a', 'given'), await stage.pipes('b', 'copies'), await stage.pipes('c', 'copies')].join();
      const whileHeard = await held();

      // Nobody listens any more, and the attacker says again whatever made it begin.
      await pair.admin.toggleHeadphones(lea);
      await waitUntil('the end of the pipe', async () => (await held()) === '0,0,0');
      await attack(attacker);
      await sleep(1_000);
      const [voices, whileNot] = [await pair.admin.probe.voices(500), await held()];
      const listeners = await stage.total('listeners');
      await pair.admin.hear(lea);
      await pair.commercial.waitForText(sophie.name);

      const after = await refusals(stage);
      const counted = ['unreadable', 'foreign', 'replayed', 'oversized'].map((reason) => {
        const refused = (after.get(reason) ?? 0) - (before.get(reason) ?? 0);
        return atLeast(`refused and counted as ${reason}`, refused, attacker.channels.length, '');
      });
      return [
        ...counted,
        atLeast('channels that it knows', attacker.channels.length, 4, ''),
        same('relays still run', pids(), ran),
        same('peers of each', (await peersOf(stage)).join(), '2,2,2'),
        same('while heard: given by a, copies on b, c', whileHeard, '1,1,0'),
        atMost('while heard: longest silence', silence * 1_000, READER_PAUSE_MS, 'ms', BUSY_PAUSE_MS),
        same('afterwards: given by a, copies on b, c', whileNot, '0,0,0'),
        same('afterwards: voices to the admin', voices, 0),
        same('afterwards: listeners on all relays', listeners, 0),
        ...(await pair.end(stage)),
      ];
    } finally {
      attacker.close();
    }
  },
};

function peersOf(stage: ClusterStage): Promise<number[]> {
  return Promise.all(stage.nodes.map(({ name }) => stage.figure(name, 'cluster_peers')));
}
