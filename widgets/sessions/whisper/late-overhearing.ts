import type { OverhearingHandle, OverhearingSurroundings } from './overhearing.ts';

/** What it works with. */
export interface LateOverhearingOptions extends OverhearingSurroundings {
  /** Has the code loaded; absent: this session never hears others who whisper. */
  readonly loadOverhearing?:
    | (() => Promise<{ makeOverhearing(surroundings: OverhearingSurroundings): OverhearingHandle }>)
    | undefined;
}

/** What hears others who whisper, whose code is loaded when a relay says for the first time that listeners may. */
export class LateOverhearing implements OverhearingHandle {
  readonly #options: LateOverhearingOptions;
  #part: OverhearingHandle | null = null;
  #coming = false;
  #id: string | null = null;
  #closed = false;

  constructor(options: LateOverhearingOptions) {
    this.#options = options;
  }

  follow(commercialId: string | null): void {
    this.#id = commercialId;
    const { loadOverhearing } = this.#options;
    if (this.#part) this.#part.follow(commercialId);
    else if (commercialId !== null && loadOverhearing && !this.#coming) void this.#load(loadOverhearing);
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#part?.close();
  }

  async #load(load: NonNullable<LateOverhearingOptions['loadOverhearing']>): Promise<void> {
    this.#coming = true;
    const { makeOverhearing } = await load();
    if (this.#closed) return;
    this.#part = makeOverhearing(this.#options);
    this.#part.follow(this.#id);
  }
}
