import { matchOf, OTHER_VOICE, SAME_VOICE } from '../../harness/hears.ts';
import { karim, lea, nadia, sophie } from '../../harness/people.ts';
import { reading, secondVoice } from '../../harness/voices.ts';
import { atLeast, atMost, type Finding, same } from '../measure/finding.ts';
import type { ClusterCase } from './cluster-case.ts';
import type { NodeFigure } from './cluster-stage.ts';

const first = reading();
const second = secondVoice(first);

/** The right voice is there, and not the other one. */
function heard(what: string, match: { voice: number; other: number }): Finding[] {
  return [
    atLeast(`${what}: match with what was said`, match.voice, SAME_VOICE, ''),
    atMost(`${what}: match with the other voice`, match.other, OTHER_VOICE, ''),
  ];
}

export const hearAnyone: ClusterCase = {
  fault: 'cluster: commercials and admins on three relays',
  async run({ stage }) {
    const ofLea = await stage.live(lea, 'a');
    const [onB, onC] = [await stage.admin(sophie, 'b'), await stage.admin(nadia, 'c')];
    await onB.hear(lea);
    await onC.hear(lea);
    await ofLea.waitForText(sophie.name);
    await ofLea.waitForText(nadia.name);
    const each = async (figure: NodeFigure) =>
      (await Promise.all(stage.nodes.map(({ name }) => stage.figure(name, figure)))).join();
    const findings = [
      same('streams on a, b, c', await each('streams'), '1,0,0'),
      same('listeners on a, b, c', await each('listeners'), '0,1,1'),
    ];
    const [atB, atC] = await Promise.all([matchOf(onB, first, second), matchOf(onC, first, second)]);
    findings.push(...heard('admin on b', atB), ...heard('admin on c', atC));
    const held = async (kind: 'given' | 'copies') =>
      (await Promise.all(stage.nodes.map(({ name }) => stage.pipes(name, kind)))).join();
    findings.push(
      same('passed on by a, b, c', await held('given'), '2,0,0'),
      same('copies on a, b, c', await held('copies'), '0,1,1'),
    );

    const ofKarim = await stage.liveWithSecondVoice(karim, 'c');
    await onB.hear(karim);
    await ofKarim.waitForText(sophie.name);
    findings.push(...heard('admin on b, of the second commercial on c', await matchOf(onB, second, first)));

    // A second listener on the same worker.
    await stage.leave(onC);
    const alsoOnB = await stage.admin(nadia, 'b');
    await alsoOnB.hear(karim);
    findings.push(
      same('listeners on b', await stage.figure('b', 'listeners'), 2),
      same('copies on b for both', await stage.pipes('b', 'copies'), 1),
      same('complaints of the pages', stage.problems().join('; '), ''),
    );
    return findings;
  },
};
