/** Nobody comes back sooner: the relay has to stop first. */
const SOONEST_MS = 1_000;
/** So many come back in a second: as many as a relay that does TLS itself lets in (`npm run bench -- --storm 2000`: 7.3 s on two cores). */
const PER_SECOND = 250;
/** Nobody is told to wait for longer than this after the soonest. */
const LONGEST_SPREAD_MS = 10_000;

/**
 * When one of so many pages is to come back to a relay that stops on purpose, in milliseconds: at random within a time that is long enough
 * for all of them.
 * @param random uniform in [0, 1)
 */
export function returnTimeMs(pages: number, random: number): number {
  const spread = Math.min(Math.max(SOONEST_MS, (pages * 1_000) / PER_SECOND), LONGEST_SPREAD_MS);
  return Math.round(SOONEST_MS + random * spread);
}

/** So many are asked in a second to go over to another node: each negotiates there while it still speaks or hears here. */
const MOVES_PER_SECOND = 50;
/** The last one is asked no later than this. */
const LONGEST_MOVE_SPREAD_MS = 5_000;

/**
 * When one of so many pages is asked to go over to another node, in milliseconds from the beginning of the drain.
 * @param random uniform in [0, 1)
 */
export function moveTimeMs(pages: number, random: number): number {
  return Math.round(random * Math.min((pages * 1_000) / MOVES_PER_SECOND, LONGEST_MOVE_SPREAD_MS));
}
