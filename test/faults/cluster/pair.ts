import type { NodeName } from '../../harness/cluster/haproxy.ts';
import { matchOf, SAME_VOICE } from '../../harness/hears.ts';
import { lea, sophie } from '../../harness/people.ts';
import type { AdminPage, CommercialPage } from '../../harness/person-page.ts';
import { reading, secondVoice } from '../../harness/voices.ts';
import { waitUntil } from '../../harness/wait.ts';
import { atLeast, type Finding, same } from '../measure/finding.ts';
import type { ClusterStage } from './cluster-stage.ts';
import { Watch } from './watch.ts';

const first = reading();
const second = secondVoice(first);

/** A busy machine stutters; what is cut off for the time of a fault is silent for longer than this. */
export const BUSY_PAUSE_MS = 3_000;

/** Léa, who is live at one relay, and Sophie, who hears her at another: watched from then on. */
export class Pair {
  readonly commercial: CommercialPage;
  readonly admin: AdminPage;
  readonly #watch: Watch;

  private constructor(commercial: CommercialPage, admin: AdminPage) {
    this.commercial = commercial;
    this.admin = admin;
    this.#watch = new Watch([commercial], admin, sophie);
  }

  static async meet(stage: ClusterStage, home: NodeName, listening: NodeName): Promise<Pair> {
    const commercial = await stage.live(lea, home);
    const admin = await stage.admin(sophie, listening);
    await admin.hear(lea);
    await commercial.waitForText(sophie.name);
    return new Pair(commercial, admin);
  }

  /** A moment of the admin's page, for `silenceSince`. */
  now(): Promise<number> {
    return this.admin.probe.now();
  }

  /** The longest silence since a moment, in seconds. */
  async silenceSince(from: number): Promise<number> {
    return (await this.admin.probe.longestSilence(from)) / 1_000;
  }

  /** Others leave, one after the other, until the pair is alone on all relays: its own counts come then. */
  async remain(stage: ClusterStage, ...others: readonly (CommercialPage | AdminPage)[]): Promise<void> {
    for (const page of others) await stage.leave(page);
    const alone = async () => (await stage.total('streams')) === 1 && (await stage.total('listeners')) === 1;
    await waitUntil('the others’ end', alone);
  }

  /** What has to hold when all is over: still live and heard, one of each, no click, no prompt, nobody unseen. */
  async end(stage: ClusterStage, what = ''): Promise<Finding[]> {
    await this.commercial.waitForState('live');
    await this.admin.waitForState('listening');
    await this.admin.probe.waitForSound();
    return [
      ...(await this.#watch.end(what)),
      same(`${what}microphone asked for`, await this.commercial.probe.microphoneRequests(), 1),
      same(`${what}streams on all relays`, await stage.total('streams'), 1),
      same(`${what}listeners on all relays`, await stage.total('listeners'), 1),
    ];
  }

  /** The same where pages had to go elsewhere: it must be the right voice that is heard now. */
  async endElsewhere(stage: ClusterStage, what = ''): Promise<Finding[]> {
    const findings = await this.end(stage, what);
    const { voice } = await matchOf(this.admin, first, second);
    return [...findings, atLeast(`${what}at the end: match with what is said`, voice, SAME_VOICE, '')];
  }
}
