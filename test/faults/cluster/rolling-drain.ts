import { karim, lea, nadia, sophie } from '../../harness/people.ts';
import { waitUntil } from '../../harness/wait.ts';
import { READER_PAUSE_MS } from '../cases/fault-case.ts';
import { atMost, type Finding, same } from '../measure/finding.ts';
import type { ClusterCase } from './cluster-case.ts';

/** How much longer than the reader's own pauses it may be still while a page goes over. */
const GAP_MS = 200;
/** A busy machine may take this, as long as nobody clicks and no error is shown. */
const BUSY_GAP_MS = 2_000;

export const rollingDrain: ClusterCase = {
  fault: 'cluster: rolling drain of all three relays',
  async run({ stage }) {
    const ofLea = await stage.live(lea, 'a');
    const ofKarim = await stage.live(karim, 'b');
    const [toLea, toKarim] = [await stage.admin(sophie, 'a'), await stage.admin(nadia, 'c')];
    await toLea.hear(lea);
    await toKarim.hear(karim);
    const findings: Finding[] = [];
    for (const node of stage.nodes) {
      const from = await Promise.all([toLea.probe.now(), toKarim.probe.now()]);
      await node.stop();
      const ended = node.logLines.findLast(({ msg }) => msg === 'relay stopped');
      const states = await Promise.all([ofLea, ofKarim, toLea, toKarim].map((page) => page.state()));
      const silences = await Promise.all([toLea.probe.longestSilence(from[0]), toKarim.probe.longestSilence(from[1])]);
      findings.push(
        same(`${node.name}: ended by itself`, ended !== undefined, true),
        same(`${node.name}: states of the pages`, states.join(), 'live,live,listening,listening'),
        atMost(
          `${node.name}: longest silence`,
          Math.max(...silences),
          READER_PAUSE_MS + GAP_MS,
          'ms',
          READER_PAUSE_MS + BUSY_GAP_MS,
        ),
      );
      await node.start();
      const knows = async () => (await stage.figure(node.name, 'cluster_peers')) === stage.nodes.length - 1;
      await waitUntil(`${node.name} knows the others`, knows);
    }
    const asked = await Promise.all([ofLea, ofKarim].map(({ probe }) => probe.microphoneRequests()));
    findings.push(
      same('times that the microphones were asked for', asked.join(), '1,1'),
      same('complaints of the pages', stage.problems().join('; '), ''),
    );
    return findings;
  },
};
