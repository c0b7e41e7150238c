/**
 * Why the relay ended a connection by itself. `flood`: more bytes or frames than a page has reason to send. `not_reading`: what was
 * sent to it was not taken. `address_limit`, `total_limit`: too many connections, of its address or of all. `made_room`: it was
 * idle when the limit was reached, and gave way to a newer one.
 */
export const END_REASONS = ['flood', 'not_reading', 'address_limit', 'total_limit', 'made_room'] as const;

export type EndReason = (typeof END_REASONS)[number];

/** What goes through the doors, for metrics: connections that are open, and those that the relay ended by itself. */
export class DoorCounts {
  /** TCP connections to the HTTP and HTTPS ports that are open now. */
  open = 0;
  readonly #counts = new Map<EndReason, number>();

  add(reason: EndReason): void {
    this.#counts.set(reason, this.get(reason) + 1);
  }

  get(reason: EndReason): number {
    return this.#counts.get(reason) ?? 0;
  }
}
