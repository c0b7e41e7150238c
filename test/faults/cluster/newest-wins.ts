import { setTimeout as sleep } from 'node:timers/promises';
import { OFFER } from '../../../relay/media/testing/media-fixtures.ts';
import { PROTOCOL_VERSION } from '../../../relay/protocol/messages.ts';
import { LivePage } from '../../../relay/signalling/testing/live-page.ts';
import type { NodeName } from '../../harness/cluster/haproxy.ts';
import { karim, nadia } from '../../harness/people.ts';
import { waitUntil } from '../../harness/wait.ts';
import { type Finding, same, shown } from '../measure/finding.ts';
import type { ClusterCase, ClusterContext } from './cluster-case.ts';
import type { ClusterStage } from './cluster-stage.ts';

/** Two pages of one person, each at a relay of its own: only their signalling, which is what decides. */
interface Rival {
  readonly node: NodeName;
  readonly page: LivePage;
}

/** What both do at once, and how it is told. */
interface Contest {
  readonly what: string;
  readonly person: typeof karim | typeof nadia;
  /** Made ready for the next round. */
  prepare(page: LivePage): Promise<void>;
  /** The wish. @returns whether it was granted */
  wish(page: LivePage): Promise<boolean>;
  /** How often the page was told that a newer one has taken over. */
  lost(page: LivePage): number;
  /** Holds what was wished for, as the relay counts. */
  readonly figure: 'streams' | 'listeners';
  stop(page: LivePage): Promise<void>;
}

export const starts: Contest = {
  what: 'starts',
  person: karim,
  prepare: async (page) => void (await page.request('publish:offer', { mode: 'connect', sdp: OFFER })),
  wish: async (page) => (await page.raw('stream:start', {})).ok,
  lost: (page) => page.all('stream:ended').filter(({ reason }) => reason === 'replaced').length,
  figure: 'streams',
  stop: async (page) => void (await page.request('stream:stop')),
};

export const selections: Contest = {
  what: 'selections',
  person: nadia,
  prepare: async () => {},
  wish: async (page) => (await page.raw('listen:select', { commercialId: karim.id })).ok,
  lost: (page) => page.all('listen:ended').filter(({ reason }) => reason === 'replaced').length,
  figure: 'listeners',
  stop: async (page) => void (await page.request('listen:stop')),
};

/** How often a page tries to land where it should: the balancer holds a relay that is too busy to answer twice for down, for a second or more. */
const LANDINGS = 5;

/** @throws Error when it lands elsewhere each time */
async function join(stage: ClusterStage, node: NodeName, person: Contest['person']): Promise<Rival> {
  const { cluster } = stage.system;
  const auth = { token: cluster.token(person), protocol: PROTOCOL_VERSION };
  let elsewhere = '';
  for (let landing = 0; landing < LANDINGS; landing += 1) {
    await cluster.untilNamed(node);
    const page = LivePage.dial(cluster.url, auth, { path: `/n/${node}/socket.io/` });
    try {
      const { sessionId } = await page.until('session:ready');
      if (sessionId.startsWith(`${node}.`)) return { node, page };
      elsewhere = sessionId.split('.')[0] ?? '';
    } catch (error) {
      page.socket.disconnect();
      throw error;
    }
    // Or it would stay there until the end.
    page.socket.disconnect();
  }
  throw new Error(`The page landed elsewhere, ${LANDINGS} times: ${elsewhere}.`);
}

/** @returns the winner @throws Error when there is not exactly one, or the pages and their relays do not agree */
async function round(stage: ClusterStage, contest: Contest, rivals: readonly [Rival, Rival]): Promise<Rival> {
  const before = rivals.map(({ page }) => contest.lost(page));
  // Others may stream or listen there too.
  const others = await Promise.all(rivals.map(({ node }) => stage.figure(node, contest.figure)));
  await Promise.all(rivals.map(({ page }) => contest.prepare(page)));
  // In one turn of the event loop: both are on their way within a millisecond.
  const granted = await Promise.all(rivals.map(({ page }) => contest.wish(page)));
  const hasLost = () => rivals.map(({ page }, at) => !granted[at] || contest.lost(page) > (before[at] ?? 0));
  const held = () =>
    Promise.all(rivals.map(async ({ node }, at) => (await stage.figure(node, contest.figure)) - (others[at] ?? 0)));
  let seen = '';
  const agreed = async () => {
    const [lost, figures] = [hasLost(), await held()];
    seen = `lost: ${lost.join()}; ${contest.figure}: ${figures.join()}`;
    return lost.filter(Boolean).length === 1 && lost.every((isLost, at) => figures[at] === (isLost ? 0 : 1));
  };
  const isSettled = async () => {
    if (!(await agreed())) return false;
    await sleep(60);
    return agreed();
  };
  await waitUntil('exactly one winner', isSettled, 5_000).catch((error: Error) => {
    throw new Error(`${error.message}; ${seen}`);
  });
  const winner = rivals[hasLost().indexOf(false)];
  if (!winner) throw new Error('Nobody has won.');
  await contest.stop(winner.page);
  await waitUntil('the end', async () => (await held()).every((figure) => figure === 0), 5_000);
  return winner;
}

/** @returns how often each relay has won @throws Error at the first round that is not decided */
export async function compete(
  stage: ClusterStage,
  contest: Contest,
  rounds: number,
): Promise<Record<NodeName, number>> {
  const rivals: Rival[] = [];
  const wins = { a: 0, b: 0, c: 0 };
  try {
    const one = await join(stage, 'a', contest.person);
    rivals.push(one);
    const two = await join(stage, 'b', contest.person);
    rivals.push(two);
    for (let done = 0; done < rounds; done += 1) {
      const winner = await round(stage, contest, done % 2 === 0 ? [one, two] : [two, one]).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`round ${done + 1} of two ${contest.what} at once: ${why}`, { cause: error });
      });
      wins[winner.node] += 1;
    }
    return wins;
  } finally {
    for (const { page } of rivals) page.socket.disconnect();
  }
}

async function contestOf({ stage, long }: ClusterContext, contest: Contest): Promise<Finding[]> {
  const rounds = long ? 200 : 10;
  const wins = await compete(stage, contest, rounds);
  return [
    same(`two ${contest.what} at once: rounds with one winner`, wins.a + wins.b, rounds),
    shown(`two ${contest.what} at once: won on a, on b`, `${wins.a}, ${wins.b}`),
  ];
}

export const newestWins: ClusterCase = {
  fault: 'cluster: two pages of one person want the same at two relays, within 1 ms',
  async run(context) {
    return [...(await contestOf(context, starts)), ...(await contestOf(context, selections))];
  },
};
