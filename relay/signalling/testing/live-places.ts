/** The same conversation in different places: both sides on one relay, or each on a node of its own. */
import { type TestContext, test } from 'node:test';
import { MemoryStore } from '../../cluster/store/memory-store.ts';
import { BusScene } from '../../cluster/testing/bus-scene.ts';
import { ClusterSide } from '../../cluster/testing/cluster-scene.ts';
import { settle } from '../../streams/testing/scene.ts';
import { placeOfNode } from '../whereabouts.ts';
import { eventually } from './live-page.ts';
import { LiveRelay } from './live-relay.ts';

/** Where the pages of a test connect. */
export interface LivePlaces {
  readonly commercials: LiveRelay;
  /** Admins; and commercials’ other pages. */
  readonly admins: LiveRelay;
}

async function oneRelay(t: TestContext): Promise<LivePlaces> {
  const relay = await LiveRelay.start(t);
  return { commercials: relay, admins: relay };
}

/** Two nodes of a cluster that know each other, over a bus in this process. */
async function twoNodes(t: TestContext): Promise<LivePlaces> {
  const buses = new BusScene();
  const store = new MemoryStore();
  const [home, other] = [new ClusterSide('a', buses, store, {}), new ClusterSide('b', buses, store, {})];
  const node = async (side: ClusterSide): Promise<LiveRelay> => {
    const relay = await LiveRelay.start(t, {
      elsewhere: side.cluster,
      whereabouts: {
        self: { id: side.id, place: placeOfNode(side.id, null) },
        placeOf: (id) => (side.membership.peer(id) ? placeOfNode(id, null) : null),
      },
    });
    relay.media.nodePipes = side.pipes;
    side.start(relay.signalling.streams);
    t.after(() => side.close());
    return relay;
  };
  const places = { commercials: await node(home), admins: await node(other) };
  t.after(() => buses.close());
  await eventually(() => [home, other].every(({ membership }) => membership.peers().length === 1), 'they did not meet');
  return places;
}

const PLACES: Readonly<Record<string, (t: TestContext) => Promise<LivePlaces>>> = {
  'on one relay': oneRelay,
  'over two nodes': twoNodes,
};

/** Declares a test that runs in each of the places. */
export function testInAllPlaces(name: string, run: (places: LivePlaces) => Promise<void>): void {
  for (const [place, start] of Object.entries(PLACES)) {
    test(`${place}: ${name}`, async (t) => run(await start(t)));
  }
}

/** What pages and nodes say at once has arrived, and what follows from it. */
export async function arrived(): Promise<void> {
  for (let i = 0; i < 8; i += 1) await settle();
}
