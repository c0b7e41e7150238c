import type { Finding } from '../measure/finding.ts';
import type { ClusterCase } from './cluster-case.ts';
import { ClusterStage } from './cluster-stage.ts';

/** Of each relay's log, when a case ends with an error. */
const LAST_LINES = 3_000;

/** Runs cases one after the other on one stage, which is made for the first. */
export class ClusterRunner {
  readonly #long: boolean;
  #stage: Promise<ClusterStage> | null = null;

  constructor(options: { long: boolean }) {
    this.#long = options.long;
  }

  /** @throws Error when the case cannot be brought about, or leaves something behind, with what the relays logged last */
  async run(clusterCase: ClusterCase): Promise<Finding[]> {
    this.#stage ??= ClusterStage.start();
    const stage = await this.#stage;
    try {
      try {
        return await clusterCase.run({ stage, long: this.#long });
      } finally {
        await stage.reset();
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const logs = stage.nodes.map(({ name, log }) => `\nRelay ${name}:\n${log.join('').slice(-LAST_LINES)}`);
      throw new Error(`${why}\n${stage.problems().join('\n')}${logs.join('')}`, { cause: error });
    }
  }

  /** Ends what was started. */
  async close(): Promise<void> {
    await (await this.#stage)?.close();
  }
}
