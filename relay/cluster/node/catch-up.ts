import type { Logger } from '../../logger.ts';
import type { TimerSet } from '../../streams/timers.ts';
import type { ClusterBus } from '../bus/cluster-bus.ts';
import type { NodeRef } from '../bus-protocol.ts';
import type { CommercialRow } from '../bus-rows.ts';
import { snapshotPages } from './snapshot-pages.ts';

const SNAPSHOT_MS = 2_000;
/** A snapshot that failed is asked for again after this long. */
export const AGAIN_MS = 500;
/** Teams in one question. */
const TEAMS = 500;

/** What the catching up with one node is made with. */
export interface CatchUpOptions {
  readonly bus: ClusterBus;
  readonly timers: TimerSet;
  readonly logger: Logger;
  /** One life of another node. */
  readonly node: NodeRef;
  /** Whether the node still lives that life, and the team is still to be known. */
  readonly wants: (equipe: string) => boolean;
  /** Somebody whom it has. */
  readonly take: (row: CommercialRow) => void;
  /** Of these teams it had those who were seen, and nobody else, as of that version. */
  readonly complete: (equipes: ReadonlySet<string>, seen: ReadonlySet<string>, asOf: number) => void;
}

/**
 * Learns from one node whom it has of teams of which something may have been missed. One question at a time, with all teams that have
 * come together meanwhile: when everybody asks everybody at once, as after Redis was away, the answers must not be late for the number of
 * the questions, and be asked for anew because they are.
 */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #waiting = new Set<string>();
  /** Who went while the question was under way, with the version of that: the answer must not bring them back. */
  readonly #gone = new Map<string, number>();
  #busy = false;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  get node(): NodeRef {
    return this.#options.node;
  }

  /** Something of this team may have been missed. */
  want(equipe: string): void {
    this.#waiting.add(equipe);
    if (this.#busy) return;
    this.#busy = true;
    // What one event makes necessary is asked for together.
    queueMicrotask(() => void this.#run());
  }

  /** The node says that somebody is not there any more. */
  gone(id: string, version: number): void {
    if (this.#busy) this.#gone.set(id, version);
  }

  async #run(): Promise<void> {
    const { logger, node, timers } = this.#options;
    let failed = false;
    while (!failed) {
      const teams = this.#next();
      if (teams.size === 0) break;
      try {
        await this.#ask(teams);
      } catch (error) {
        failed = true;
        for (const equipe of teams) this.#waiting.add(equipe);
        logger.debug({ err: error, node: node.id }, 'a node could not be asked for teams');
      }
    }
    this.#gone.clear();
    if (failed) timers.after(AGAIN_MS, () => void this.#run());
    else this.#busy = false;
  }

  #next(): ReadonlySet<string> {
    const teams = new Set<string>();
    for (const equipe of this.#waiting) {
      if (teams.size >= TEAMS) break;
      this.#waiting.delete(equipe);
      if (this.#options.wants(equipe)) teams.add(equipe);
    }
    return teams;
  }

  async #ask(teams: ReadonlySet<string>): Promise<void> {
    const { bus, node, wants, take, complete } = this.#options;
    const equipes = [...teams];
    const seen = new Set<string>();
    let asOf: number | null = null;
    const pages = snapshotPages((after) =>
      bus.request(node, 'snapshot', { equipes, after, names: false }, SNAPSHOT_MS),
    );
    for await (const page of pages) {
      asOf ??= page.asOf;
      for (const row of page.rows) {
        seen.add(row.id);
        const isAsked = teams.has(row.equipe) && wants(row.equipe);
        if (isAsked && (this.#gone.get(row.id) ?? 0) < row.version) take(row);
      }
    }
    complete(new Set(equipes.filter(wants)), seen, asOf ?? 0);
  }
}
