import type { Finding } from '../measure/finding.ts';
import { FaultRig } from '../rig/fault-rig.ts';
import type { FaultCase } from './fault-case.ts';

/** Runs cases one after the other; those that do not need a relay of their own share one. */
export class CaseRunner {
  readonly #long: boolean;
  #shared: Promise<FaultRig> | null = null;

  constructor(options: { long: boolean }) {
    this.#long = options.long;
  }

  /** @throws Error when the case cannot be brought about, with what the relay logged last */
  async run(faultCase: FaultCase): Promise<Finding[]> {
    const own = faultCase.ownRig;
    if (!own) {
      this.#shared ??= FaultRig.start();
      const rig = await this.#shared;
      try {
        return await explaining(rig, () => faultCase.run({ rig, long: this.#long }));
      } finally {
        await rig.closePages();
      }
    }
    try {
      const rig = await FaultRig.start(await own());
      try {
        return await explaining(rig, () => faultCase.run({ rig, long: this.#long }));
      } finally {
        await rig.close();
      }
    } finally {
      await faultCase.cleanUp?.();
    }
  }

  /** Ends the shared relay and browser. */
  async close(): Promise<void> {
    await (await this.#shared)?.close();
  }
}

async function explaining(rig: FaultRig, run: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await run();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why}\n\nThe relay's last lines:\n${rig.log.join('').slice(-4_000)}`, { cause: error });
  }
}
