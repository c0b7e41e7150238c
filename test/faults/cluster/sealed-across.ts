import { matchOf, OTHER_VOICE, SAME_VOICE } from '../../harness/hears.ts';
import { lea, nadia, sophie } from '../../harness/people.ts';
import { isSilent } from '../../harness/probe.ts';
import { type TestKey, withKeys } from '../../harness/sealed-pages.ts';
import { reading, secondVoice } from '../../harness/voices.ts';
import { waitUntil } from '../../harness/wait.ts';
import { READER_PAUSE_MS } from '../cases/fault-case.ts';
import { atLeast, atMost, type Finding, same } from '../measure/finding.ts';
import type { ClusterCase } from './cluster-case.ts';
import { BUSY_PAUSE_MS } from './pair.ts';

const first = reading();
const second = secondVoice(first);
const KEY: TestKey = { id: 1, name: 'the team’s key' };
const WRONG: TestKey = { id: 1, name: 'another key of the same number' };
const LOCK = 'Chiffré de bout en bout';
/** How much longer than the reader's own pauses it may be still while the page goes over. */
const GAP_MS = 200;

/** What is sealed at one relay is opened at another, and stays sealed when the commercial's page goes over to a third. */
export const sealedAcross: ClusterCase = {
  fault: 'cluster: a sealed stream, heard at another relay, whose own relay is drained',
  async run({ stage }) {
    const ofLea = await stage.live(lea, 'a', withKeys([KEY]));
    const admin = await stage.admin(sophie, 'b', withKeys([KEY]));
    await admin.hear(lea);
    await ofLea.waitForText(sophie.name);
    await admin.waitForText(LOCK);
    const heard = async (what: string): Promise<Finding[]> => {
      const { voice, other } = await matchOf(admin, first, second);
      return [
        atLeast(`${what}: match with what was said`, voice, SAME_VOICE, ''),
        atMost(`${what}: match with the other voice`, other, OTHER_VOICE, ''),
      ];
    };
    const pipes = async () => `${await stage.pipes('a', 'given')},${await stage.pipes('b', 'copies')}`;
    const findings = [same('passed on by a, copies on b', await pipes(), '1,1'), ...(await heard('over the pipe'))];

    const stranger = await stage.admin(nadia, 'c', withKeys([WRONG]));
    await stranger.toggleHeadphones(lea);
    await stranger.waitForText('une autre clé');
    const silent = isSilent(await stranger.probe.record(2_000));
    findings.push(same('another key, on c: silence', silent, true));
    await stage.leave(stranger);

    const from = await admin.probe.now();
    await stage.node('a').stop();
    const gone = async () => (await stage.total('streams')) === 1 && (await stage.total('listeners')) === 1;
    await waitUntil('one stream and one listener on b and c', gone);
    findings.push(
      same('states after the page went over', `${await ofLea.state()},${await admin.state()}`, 'live,listening'),
      atMost(
        'longest silence meanwhile',
        await admin.probe.longestSilence(from),
        READER_PAUSE_MS + GAP_MS,
        'ms',
        BUSY_PAUSE_MS,
      ),
      ...(await heard('after the page went over')),
    );
    // The panel shows it only while what comes was sealed, and is opened.
    await admin.waitForText(LOCK);
    findings.push(
      same('times that the microphone was asked for', await ofLea.probe.microphoneRequests(), 1),
      same('complaints of the pages', stage.problems().join('; '), ''),
    );
    return findings;
  },
};
