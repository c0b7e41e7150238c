/** Most versions that are kept of one commercial: the newest. */
const MOST_VERSIONS = 8;

/** Which texts of policies commercials have acknowledged in their page, by the version. What was acknowledged stays so. */
export class Consents {
  readonly #byCommercial = new Map<string, Set<string>>();
  /** Called when somebody has acknowledged something that was not known. */
  onGiven: ((commercialId: string, version: string) => void) | null = null;

  /** @returns whether that is news */
  give(commercialId: string, version: string): boolean {
    if (!this.restore(commercialId, version)) return false;
    this.onGiven?.(commercialId, version);
    return true;
  }

  /** The same of what others told, or was told before this process began. */
  restore(commercialId: string, version: string): boolean {
    const versions = this.#byCommercial.get(commercialId) ?? new Set<string>();
    this.#byCommercial.set(commercialId, versions);
    if (versions.has(version)) return false;
    versions.add(version);
    const [oldest] = versions;
    if (versions.size > MOST_VERSIONS && oldest !== undefined) versions.delete(oldest);
    return true;
  }

  has(commercialId: string, version: string): boolean {
    return this.#byCommercial.get(commercialId)?.has(version) === true;
  }

  *all(): IterableIterator<readonly [commercialId: string, version: string]> {
    for (const [id, versions] of this.#byCommercial) for (const version of versions) yield [id, version];
  }
}
