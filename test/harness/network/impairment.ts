import type { Direction, Flow, Protocol } from './flow.ts';

/** Something that is wrong with a link. Several at once add up. */
export interface Impairment {
  /** Default: both ways. */
  readonly direction?: Direction;
  /** Default: both. */
  readonly protocol?: Protocol;
  /** Nothing passes. UDP is dropped; TCP connections stand still, and go on where they were when this ends. */
  readonly blocked?: boolean;
  /** Share of packets lost at random, 0 to 1. UDP only: TCP would repair it below us. */
  readonly lossRate?: number;
  /** Added to every packet, milliseconds. */
  readonly delayMs?: number;
  /** Up to this much more, evenly spread, milliseconds: UDP packets may overtake each other, TCP bytes never do. */
  readonly jitterMs?: number;
  /** Which flows it touches. Default: all, also later ones. */
  readonly where?: (flow: Flow) => boolean;
}

/** What happens to one packet. */
export type Fate = { readonly pass: false } | { readonly pass: true; readonly delayMs: number };

const LOST: Fate = { pass: false };

function touches(impairment: Impairment, flow: Flow, direction: Direction): boolean {
  return (
    (impairment.direction === undefined || impairment.direction === direction) &&
    (impairment.protocol === undefined || impairment.protocol === flow.protocol) &&
    (impairment.where === undefined || impairment.where(flow))
  );
}

/** True when nothing at all passes this way. */
export function isBlocked(impairments: Iterable<Impairment>, flow: Flow, direction: Direction): boolean {
  for (const impairment of impairments) {
    if (impairment.blocked === true && touches(impairment, flow, direction)) return true;
  }
  return false;
}

/** Decides about one packet: lost, or passed on after a delay. */
export function fateOf(
  impairments: Iterable<Impairment>,
  flow: Flow,
  direction: Direction,
  random: () => number,
): Fate {
  let delayMs = 0;
  for (const impairment of impairments) {
    if (!touches(impairment, flow, direction)) continue;
    if (impairment.blocked === true) return LOST;
    if (flow.protocol === 'udp' && impairment.lossRate !== undefined && random() < impairment.lossRate) return LOST;
    delayMs += impairment.delayMs ?? 0;
    if (impairment.jitterMs !== undefined) delayMs += random() * impairment.jitterMs;
  }
  return { pass: true, delayMs };
}

/** @throws RangeError when a figure makes no sense, so that a typing error does not pass for a healthy link */
export function checkImpairment(impairment: Impairment): void {
  const { lossRate = 0, delayMs = 0, jitterMs = 0 } = impairment;
  if (!(lossRate >= 0 && lossRate <= 1)) throw new RangeError(`lossRate must be between 0 and 1, not ${lossRate}`);
  if (!(delayMs >= 0) || !Number.isFinite(delayMs)) throw new RangeError(`delayMs must be 0 or more, not ${delayMs}`);
  if (!(jitterMs >= 0) || !Number.isFinite(jitterMs))
    throw new RangeError(`jitterMs must be 0 or more, not ${jitterMs}`);
}
