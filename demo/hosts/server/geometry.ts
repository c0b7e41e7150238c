/** A place on the map: latitude and longitude in degrees, as Leaflet orders them. */
export type LatLng = readonly [lat: number, lng: number];

const METRES_PER_DEGREE = 111_320;

/** A flat patch of the earth: metres east (x) and north (y) of an origin, turned clockwise by a bearing in degrees. */
export class Plan {
  readonly #origin: LatLng;
  readonly #cos: number;
  readonly #sin: number;
  readonly #metresPerLng: number;

  constructor(origin: LatLng, bearing = 0) {
    const angle = (bearing * Math.PI) / 180;
    this.#origin = origin;
    this.#cos = Math.cos(angle);
    this.#sin = Math.sin(angle);
    this.#metresPerLng = METRES_PER_DEGREE * Math.cos((origin[0] * Math.PI) / 180);
  }

  /** Where a point of the plan is. */
  at(x: number, y: number): LatLng {
    const east = x * this.#cos + y * this.#sin;
    const north = y * this.#cos - x * this.#sin;
    return [this.#origin[0] + north / METRES_PER_DEGREE, this.#origin[1] + east / this.#metresPerLng];
  }

  /** Metres east and north in the plan of a place. */
  of([lat, lng]: LatLng): readonly [x: number, y: number] {
    const north = (lat - this.#origin[0]) * METRES_PER_DEGREE;
    const east = (lng - this.#origin[1]) * this.#metresPerLng;
    return [east * this.#cos - north * this.#sin, east * this.#sin + north * this.#cos];
  }
}

/** Metres between two places that are not far apart. */
export function metresBetween(a: LatLng, b: LatLng): number {
  return Math.hypot(...new Plan(a).of(b));
}

/** A line made a band: an area of a constant width in metres, for a river that must keep its width at every zoom. */
export function band(line: readonly LatLng[], width: number): LatLng[] {
  const sides = line.map((point, index) => {
    const before = line[Math.max(0, index - 1)] ?? point;
    const after = line[Math.min(line.length - 1, index + 1)] ?? point;
    const [x, y] = new Plan(before).of(after);
    const bearing = (Math.atan2(x, y) * 180) / Math.PI;
    const across = new Plan(point, bearing);
    return { left: across.at(-width / 2, 0), right: across.at(width / 2, 0) };
  });
  return [...sides.map(({ left }) => left), ...sides.map(({ right }) => right).reverse()];
}
