/**
 * Why the relay ended a connection by itself. `flood`: more bytes or frames than a page has reason to send. `not_reading`: what was
 * sent to it was not taken. `address_limit`, `total_limit`: too many connections, of its address or of all. `made_room`: it was
 * idle when the limit was reached, and gave way to a newer one.
 */
export const END_REASONS = ['flood', 'not_reading', 'address_limit', 'total_limit', 'made_room'] as const;

export type EndReason = (typeof END_REASONS)[number];

/** Counts connections that the relay ended by itself, for metrics. */
export class EndCounts {
  readonly #counts = new Map<EndReason, number>();

  add(reason: EndReason): void {
    this.#counts.set(reason, this.get(reason) + 1);
  }

  get(reason: EndReason): number {
    return this.#counts.get(reason) ?? 0;
  }
}
