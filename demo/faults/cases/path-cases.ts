import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Finding, same, shown } from '../measure/finding.ts';
import { Coturn } from '../network/coturn.ts';
import type { FaultRig } from '../rig/fault-rig.ts';
import type { FaultCase } from './fault-case.ts';

async function pathsOf(rig: FaultRig, expected: { protocol: string; localType?: string }): Promise<Finding[]> {
  const start = Date.now();
  const pair = await rig.livePair();
  const tookMs = Date.now() - start;
  const findings: Finding[] = [];
  for (const side of ['commercial', 'admin'] as const) {
    const path = await pair[side].mediaPath();
    findings.push(same(`protocol of the ${side}'s media`, path?.protocol, expected.protocol));
    if (expected.localType) findings.push(same(`way of the ${side}'s media`, path?.localType, expected.localType));
  }
  const from = Date.now();
  await sleep(4_000);
  findings.push(
    atMost('longest silence in 4 s', await pair.admin.longestSilence(from), 450, 'ms', 1_500),
    shown('two pages opened, live and heard in', tookMs / 1_000, 's'),
  );
  return findings;
}

/** A network that lets no UDP out: ICE finds the relay's TCP port (RFC 6544). */
const udpBlocked: FaultCase = {
  fault: 'UDP blocked: ICE over TCP',
  async run({ rig, long }) {
    const unblock = rig.onMedia((link) => link.impair({ protocol: 'udp', blocked: true }));
    try {
      const findings = await pathsOf(rig, { protocol: 'tcp' });
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
    return pathsOf(rig, { protocol: 'tcp', localType: 'relay' });
  },
  async cleanUp() {
    await coturn?.close();
    coturn = null;
  },
};

export const pathCases: readonly FaultCase[] = [udpBlocked, turnOnly];
