import { Gauge, type Registry } from 'prom-client';
import type { MediaQuality } from '../media/media.ts';

const QUANTILES = [0.5, 0.95] as const;
const DIRECTIONS = ['publish', 'listen'] as const;

/** The value below which this part of all lies (nearest rank); null of none. */
export function quantileOf(values: readonly number[], part: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null;
}

/** Loss, jitter and round trip over all connections, never of one: with nobody there is no value. */
export function registerQuality(registry: Registry, quality: () => MediaQuality | null): void {
  const gauge = (name: string, help: string, read: (figures: MediaQuality['publish']) => readonly number[]) =>
    new Gauge({
      name: `prospect_relay_${name}`,
      help,
      labelNames: ['direction', 'quantile'],
      registers: [registry],
      collect() {
        const now = quality();
        this.reset();
        if (!now) return;
        for (const direction of DIRECTIONS) {
          const values = read(now[direction]);
          for (const quantile of QUANTILES) {
            const value = quantileOf(values, quantile);
            if (value !== null) this.set({ direction, quantile: String(quantile) }, value);
          }
        }
      },
    });
  const seconds = (values: readonly number[]) => values.map((ms) => ms / 1000);
  gauge(
    'packet_loss_ratio',
    'Part of the packets that was lost lately, 0.5 and 0.95 quantile over all connections that carry audio',
    ({ loss }) => loss,
  );
  gauge('jitter_seconds', 'Interarrival jitter (RFC 3550, 6.4.1), quantiles as above', ({ jitterMs }) =>
    seconds(jitterMs),
  );
  gauge('round_trip_seconds', 'Round trip to the admins’ pages and back, quantiles as above', ({ roundTripMs }) =>
    seconds(roundTripMs),
  );
}
