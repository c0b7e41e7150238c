/**
 * The host's own GPS positions. A commercial's page that shares its position reports it; for everybody else a walk through their
 * sector is made up, so that the map has something to show. Prospect Live has no part in it.
 */
import { COMMERCIALS, type CommercialPerson } from '../../server/people.ts';
import { roundIn, SECTORS } from './city.ts';
import { type LatLng, metresBetween } from './geometry.ts';

/** Where a commercial is, as sent to the admin's page. */
export interface GpsPosition {
  readonly id: string;
  readonly name: string;
  readonly lat: number;
  readonly lng: number;
  /** `gps`: reported by the commercial's page. `demo`: made up. */
  readonly source: 'gps' | 'demo';
}

interface Report {
  readonly lat: number;
  readonly lng: number;
  readonly at: number;
}

/** Walking with stops at the doors. */
const METRES_PER_SECOND = 0.7;
/** A page that has reported nothing for so long is closed, or out of reach of the satellites. */
const REPORT_LIFE_MS = 60_000;

/** Everybody's position, now. */
export class PositionBook {
  readonly #reports = new Map<string, Report>();
  readonly #rounds = new Map(COMMERCIALS.map((person, index) => [person.id, roundOf(person, index)]));

  /** Notes what a commercial's own device says. @param now milliseconds of a clock that nobody sets @returns false when it is no place on earth */
  report(id: string, lat: unknown, lng: unknown, now = performance.now()): boolean {
    if (typeof lat !== 'number' || typeof lng !== 'number') return false;
    if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) return false;
    this.#reports.set(id, { lat, lng, at: now });
    return true;
  }

  of(people: readonly CommercialPerson[], now = performance.now()): GpsPosition[] {
    return people.map(({ id, name }) => {
      const report = this.#reports.get(id);
      if (report && now - report.at < REPORT_LIFE_MS)
        return { id, name, lat: report.lat, lng: report.lng, source: 'gps' };
      const [lat, lng] = along(this.#rounds.get(id) ?? [], (now / 1000) * METRES_PER_SECOND);
      return { id, name, lat, lng, source: 'demo' };
    });
  }
}

function roundOf(person: CommercialPerson, index: number): readonly LatLng[] {
  const sector = SECTORS.find(({ name }) => name === person.sector);
  if (!sector) throw new Error(`the sketch has no sector ${person.sector}`);
  return roundIn(sector, 1 + (index % 2), 1);
}

/** The place so many metres along a closed line, round and round. */
function along(ring: readonly LatLng[], metres: number): LatLng {
  const legs = ring.map((from, index) => {
    const to = ring[(index + 1) % ring.length] ?? from;
    return { from, to, length: metresBetween(from, to) };
  });
  let left = metres % legs.reduce((sum, { length }) => sum + length, 0);
  for (const { from, to, length } of legs) {
    if (left <= length) {
      const part = left / length;
      return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
    }
    left -= length;
  }
  return ring[0] ?? [0, 0];
}
