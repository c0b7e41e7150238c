import { setTimeout as sleep } from 'node:timers/promises';
import { Coturn } from '../../harness/network/coturn.ts';
import { atLeast, atMost, type Finding, same, shown } from '../measure/finding.ts';
import type { FaultRig, LivePair } from '../rig/fault-rig.ts';
import { type FaultCase, READER_PAUSE_MS } from './fault-case.ts';

/** Opens two pages on a network that is bad already. */
async function heardThrough(rig: FaultRig): Promise<{ pair: LivePair; findings: Finding[] }> {
  const start = Date.now();
  const pair = await rig.livePair();
  const tookMs = Date.now() - start;
  const from = Date.now();
  await sleep(4_000);
  const silence = await pair.admin.longestSilence(from);
  const findings = [
    atMost('longest silence in 4 s', silence, READER_PAUSE_MS, 'ms', 1_500),
    shown('two pages opened, live and heard in', tookMs / 1_000, 's'),
  ];
  return { pair, findings };
}

/** A network that lets no UDP out: ICE finds the relay's TCP port (RFC 6544). */
const udpBlocked: FaultCase = {
  fault: 'UDP blocked: ICE over TCP',
  async run({ rig, long }) {
    const unblock = rig.onMedia((link) => link.impair({ protocol: 'udp', blocked: true }));
    try {
      const { pair: first, findings } = await heardThrough(rig);
      for (const side of ['commercial', 'admin'] as const) {
        findings.unshift(same(`protocol of the ${side}'s media`, await first[side].mediaProtocol(), 'tcp'));
      }
      if (!long) return findings;
      await rig.closePages();
      // And in the middle of a stream: from UDP to TCP without a click.
      unblock();
      const pair = await rig.livePair();
      const from = Date.now();
      const blockAgain = rig.onMedia((link) => link.impair({ protocol: 'udp', blocked: true }));
      await sleep(1_500);
      const heard = await pair.admin.heardAfter(from + 1_500, 60_000);
      findings.push(
        atMost(
          'audio back after UDP was blocked while live',
          heard === null ? null : (heard + 1_500) / 1_000,
          20,
          's',
          60,
        ),
      );
      blockAgain();
      return findings;
    } finally {
      unblock();
    }
  },
};

const turnSecret = 'the shared secret of a test';
let coturn: Coturn | null = null;

/** A network that lets nothing out but TCP to the TURN server. */
const turnOnly: FaultCase = {
  fault: 'UDP and the media port blocked: through TURN (coturn) over TCP',
  async ownRig() {
    coturn = await Coturn.start({ secret: turnSecret });
    const urls = coturn.urls.filter((url) => url.endsWith('transport=tcp'));
    return { relayEnv: { TURN_URLS: urls.join(','), TURN_SECRET: coturn.secret } };
  },
  async run({ rig }) {
    const turn = coturn;
    if (!turn) throw new Error('coturn was not started');
    const [first, last] = turn.relayPorts;
    // Pages get nothing through; the TURN server, which speaks for them, does.
    rig.onMedia((link) =>
      link.impair({ blocked: true, where: ({ client }) => client.port < first || client.port > last }),
    );
    const { findings } = await heardThrough(rig);
    const byTurn = rig.media
      .flatMap(({ flows }) => flows)
      .filter(({ client }) => client.port >= first && client.port <= last);
    const packets = (direction: 'up' | 'down'): number =>
      byTurn.reduce((sum, { counters }) => sum + counters[direction].packets, 0);
    // One packet in 20 ms while somebody speaks, both ways: the commercial's up, the admin's down.
    findings.unshift(
      atLeast('packets from the TURN server to the relay', packets('up'), 100, ''),
      atLeast('packets from the relay to the TURN server', packets('down'), 100, ''),
    );
    return findings;
  },
  async cleanUp() {
    await coturn?.close();
    coturn = null;
  },
};

export const pathCases: readonly FaultCase[] = [udpBlocked, turnOnly];
