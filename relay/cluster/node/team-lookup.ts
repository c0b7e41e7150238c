import type { Logger } from '../../logger.ts';
import type { ListenerInfo } from '../../protocol/messages.ts';
import type { CommercialDetail, ServiceDetail } from '../../streams/status.ts';
import type { ClusterBus } from '../bus/cluster-bus.ts';
import { BUS_PROTOCOL } from '../bus-protocol.ts';
import type { CommercialRow } from '../bus-rows.ts';
import type { Membership, Peer } from '../membership.ts';
import type { LocalRows } from './local-rows.ts';
import { type SnapshotPage, snapshotPages } from './snapshot-pages.ts';

/** Whoever asks waits no longer for the other nodes, however many teams are asked for. */
const LOOKUP_MS = 2_000;
/** Questions to one node at the same time, for one who asks. */
const AT_ONCE = 4;

/** What one node says of one commercial. */
interface Found {
  readonly row: CommercialRow;
  readonly listeners: readonly ListenerInfo[];
}

/** What the lookup is made with. */
export interface TeamLookupOptions {
  readonly bus: ClusterBus;
  readonly membership: Membership;
  readonly rows: Pick<LocalRows, 'page'>;
  readonly logger: Logger;
}

/** Who is there in a team, at whatever node, followed here or not: every node is asked. */
export class TeamLookup {
  readonly #options: TeamLookupOptions;
  /** Node, life and team -> the question under way: whoever asks the same meanwhile gets its answer. */
  readonly #underWay = new Map<string, Promise<Found[]>>();

  constructor(options: TeamLookupOptions) {
    this.#options = options;
  }

  /** Never rejects: without the nodes that do not answer, it is not complete. */
  async detail(equipes: readonly string[]): Promise<ServiceDetail> {
    const { membership, rows } = this.#options;
    const teams = [...new Set(equipes)];
    const end = performance.now() + LOOKUP_MS;
    const newest = new Map<string, Found>();
    const add = (found: Found): void => {
      const known = newest.get(found.row.id);
      if (!known || isNewer(found.row, known.row)) newest.set(found.row.id, found);
    };
    for (const equipe of teams) {
      for await (const page of snapshotPages((after) => rows.page({ equipes: [equipe], after, names: true }))) {
        for (const one of foundIn(page)) add(one);
      }
    }
    const asked = membership.peers().map((peer) => this.#askNode(peer, teams, end, add));
    const complete = (await Promise.all(asked)).every(Boolean);
    return { complete, commercials: [...newest.values()].flatMap((found) => detailOf(found) ?? []) };
  }

  /** @returns false when not all was answered */
  async #askNode(peer: Peer, teams: readonly string[], end: number, add: (found: Found) => void): Promise<boolean> {
    if (peer.info.busProtocol !== BUS_PROTOCOL) return false;
    let next = 0;
    let complete = true;
    const askOn = async (): Promise<void> => {
      for (;;) {
        const equipe = teams[next];
        next += 1;
        // A node that has failed once is not asked for the rest.
        if (equipe === undefined || !complete) return;
        try {
          for (const found of await this.#team(peer, equipe, end)) add(found);
        } catch (error) {
          complete = false;
          this.#options.logger.debug({ err: error, peer: peer.id }, 'a node could not be asked who is there');
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, askOn));
    return complete;
  }

  #team(peer: Peer, equipe: string, end: number): Promise<Found[]> {
    const key = JSON.stringify([peer.id, peer.epoch, equipe]);
    const known = this.#underWay.get(key);
    if (known) return known;
    const asking = this.#pages(peer, equipe, end).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, asking);
    return asking;
  }

  /** @throws ClusterError as `ClusterBus.request` */
  async #pages(peer: Peer, equipe: string, end: number): Promise<Found[]> {
    const { bus } = this.#options;
    const all: Found[] = [];
    for await (const page of snapshotPages((after) =>
      bus.request(peer, 'snapshot', { equipes: [equipe], after, names: true }, Math.max(0, end - performance.now())),
    )) {
      // Whatever it answers: nobody is shown another team than was asked for.
      all.push(...foundIn(page).filter(({ row }) => row.equipe === equipe));
    }
    return all;
  }
}

function foundIn({ rows, listeners }: SnapshotPage): Found[] {
  const names = new Map(listeners.map(({ id, infos }) => [id, infos]));
  return rows.map((row) => ({ row, listeners: names.get(row.id) ?? [] }));
}

/** Of two nodes, the one with the newest stream has the say; without a stream, the one with a page. */
function isNewer(a: CommercialRow, b: CommercialRow): boolean {
  if (a.stream || b.stream) return (a.stream?.order ?? -1) > (b.stream?.order ?? -1);
  return a.present && !b.present;
}

/** Null for one who is not there any more. */
function detailOf({ row, listeners }: Found): CommercialDetail | null {
  const { id, name, equipe, stream, present, listenerCount } = row;
  if (!stream && !present) return null;
  const liveForMs = stream?.liveForMs ?? null;
  return { id, name, equipe, status: stream?.status ?? 'ready', liveForMs, listenerCount, listeners };
}
