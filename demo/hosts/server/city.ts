/**
 * The map's base layer, drawn here instead of fetched from somebody's tile server: a sketch of Lyon as GeoJSON. Rivers, parks and
 * avenues are roughly where they are; the small streets are an even grid. A real host has its own map material.
 */
import { band, type LatLng, Plan } from './geometry.ts';

/** What a shape is, for the style sheet. */
export type ShapeKind = 'water' | 'park' | 'sector' | 'street' | 'avenue';

/** A GeoJSON feature (RFC 7946) of the base layer. */
export interface Shape {
  readonly type: 'Feature';
  readonly properties: { readonly kind: ShapeKind; readonly name: string | null };
  readonly geometry:
    | { readonly type: 'LineString'; readonly coordinates: readonly Position[] }
    | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly Position[])[] };
}

type Position = readonly [lng: number, lat: number];

/** GeoJSON of the base layer. */
export interface City {
  readonly type: 'FeatureCollection';
  readonly features: readonly Shape[];
}

/** Streets every so many metres. */
const BLOCK = 150;
/** Three grids: the plain east of the Rhône, the hills west of the Saône, and the peninsula between the two. */
const EAST = new Plan([45.7535, 4.8725], -6);
const WEST = new Plan([45.7645, 4.7995], 14);
const MIDDLE = new Plan([45.757, 4.834], 17);
/** How far the grids reach, in metres from their origins. */
const REACH = 7500;

/** Where a commercial works: a plan whose axes run along the streets, and the origin's crossing. */
export interface Sector {
  readonly name: string;
  readonly plan: Plan;
  readonly x: number;
  readonly y: number;
}

/** The sector around the crossing that is nearest to a place. */
function sector(name: string, plan: Plan, centre: LatLng): Sector {
  const [x, y] = plan.of(centre);
  return { name, plan, x: Math.round(x / BLOCK) * BLOCK, y: Math.round(y / BLOCK) * BLOCK };
}

/** By the names that the demo's people have. */
export const SECTORS: readonly Sector[] = [
  sector('Montchat', EAST, [45.7535, 4.879]),
  sector('Monplaisir', EAST, [45.7445, 4.8685]),
  sector('Bachut', EAST, [45.733, 4.869]),
  sector('Gratte-Ciel', EAST, [45.769, 4.8795]),
  sector('Vaise', WEST, [45.7765, 4.803]),
  sector('Point du Jour', WEST, [45.7512, 4.7965]),
];

/** From north to south, so that a latitude is met once. */
const RHONE: readonly LatLng[] = [
  [45.825, 4.96],
  [45.81, 4.925],
  [45.797, 4.9],
  [45.7935, 4.88],
  [45.789, 4.863],
  [45.783, 4.8495],
  [45.7765, 4.843],
  [45.769, 4.8398],
  [45.757, 4.8412],
  [45.747, 4.837],
  [45.737, 4.8255],
  [45.727, 4.8185],
  [45.705, 4.814],
  [45.68, 4.806],
];
const SAONE: readonly LatLng[] = [
  [45.83, 4.846],
  [45.804, 4.829],
  [45.795, 4.8225],
  [45.786, 4.815],
  [45.778, 4.8125],
  [45.771, 4.814],
  [45.7665, 4.8205],
  [45.765, 4.8275],
  [45.759, 4.8268],
  [45.75, 4.825],
  [45.741, 4.8205],
  [45.733, 4.8195],
  [45.727, 4.8185],
];
const PARKS: readonly (readonly [string, LatLng, number, number])[] = [
  ['Parc de la Tête d’Or', [45.7775, 4.8535], 950, 1050],
  ['Fourvière', [45.7605, 4.8195], 450, 900],
  ['Parc Blandan', [45.7455, 4.8535], 420, 380],
  ['Parc de Parilly', [45.721, 4.892], 900, 700],
];
const AVENUES: readonly (readonly [string, ...LatLng[]])[] = [
  ['Cours Lafayette', [45.7652, 4.8405], [45.763, 4.861], [45.7655, 4.889], [45.767, 4.9]],
  ['Boulevard Vivier-Merle', [45.771, 4.8555], [45.7605, 4.8575], [45.7495, 4.8545], [45.744, 4.845]],
  ['Avenue Lacassagne', [45.758, 4.8605], [45.7515, 4.874], [45.7445, 4.892]],
  ['Cours Albert-Thomas', [45.7495, 4.8475], [45.7475, 4.861], [45.7435, 4.8755], [45.742, 4.9]],
  ['Avenue Berthelot', [45.7475, 4.838], [45.741, 4.851], [45.7335, 4.869], [45.7255, 4.889]],
  ['Avenue Jean-Jaurès', [45.7555, 4.845], [45.742, 4.836], [45.7265, 4.828]],
  ['Boulevard Laurent-Bonnevay', [45.786, 4.893], [45.77, 4.8965], [45.752, 4.8965], [45.736, 4.8915], [45.724, 4.87]],
  ['Rue Marietton', [45.777, 4.8115], [45.7735, 4.801], [45.7745, 4.785]],
  ['Avenue du Point du Jour', [45.7575, 4.8145], [45.752, 4.803], [45.7505, 4.784]],
  ['Presqu’île', [45.767, 4.834], [45.757, 4.8335], [45.748, 4.829], [45.737, 4.822]],
];

/** The whole base layer, in the order in which it is drawn. */
export function drawCity(): City {
  return {
    type: 'FeatureCollection',
    features: [
      ...streets(EAST, ([lat, lng]) => lng > riverAt(RHONE, lat)),
      ...streets(MIDDLE, ([lat, lng]) => lng > riverAt(SAONE, lat) && lng < riverAt(RHONE, lat)),
      ...streets(WEST, ([lat, lng]) => lng < riverAt(lat > 45.727 ? SAONE : RHONE, lat)),
      ...AVENUES.map(([name, ...points]) => line('avenue', name, points)),
      ...PARKS.map(([name, centre, width, height]) =>
        area('park', name, block(new Plan(centre, -6), 0, 0, width, height)),
      ),
      area('water', 'Rhône', band(RHONE, 190)),
      area('water', 'Saône', band(SAONE, 120)),
      ...SECTORS.map(({ name, plan, x, y }) => area('sector', name, block(plan, x, y, 6 * BLOCK, 4 * BLOCK))),
    ],
  };
}

/** The longitude of a river at a latitude. */
function riverAt(river: readonly LatLng[], lat: number): number {
  for (const [index, south] of river.entries()) {
    const north = river[index - 1];
    if (lat < south[0]) continue;
    if (!north) return south[1];
    return south[1] + ((lat - south[0]) / (north[0] - south[0])) * (north[1] - south[1]);
  }
  return river.at(-1)?.[1] ?? 0;
}

/** The grid's lines, as far as they run over land. */
function streets(plan: Plan, isLand: (place: LatLng) => boolean): Shape[] {
  const steps = Array.from({ length: (2 * REACH) / BLOCK + 1 }, (_, index) => index * BLOCK - REACH);
  const lines = [
    ...steps.map((x) => steps.map((y) => plan.at(x, y))),
    ...steps.map((y) => steps.map((x) => plan.at(x, y))),
  ];
  return lines.flatMap((points) => {
    const runs: LatLng[][] = [[]];
    for (const point of points) {
      if (isLand(point)) runs.at(-1)?.push(point);
      else if (runs.at(-1)?.length) runs.push([]);
    }
    return runs
      .filter((run) => run.length > 1)
      .map((run) => line('street', null, [run[0] ?? [0, 0], run.at(-1) ?? [0, 0]]));
  });
}

function block(plan: Plan, x: number, y: number, width: number, height: number): LatLng[] {
  const [w, h] = [width / 2, height / 2];
  return [plan.at(x - w, y - h), plan.at(x + w, y - h), plan.at(x + w, y + h), plan.at(x - w, y + h)];
}

function line(kind: ShapeKind, name: string | null, points: readonly LatLng[]): Shape {
  return {
    type: 'Feature',
    properties: { kind, name },
    geometry: { type: 'LineString', coordinates: points.map(position) },
  };
}

function area(kind: ShapeKind, name: string | null, points: readonly LatLng[]): Shape {
  const ring = [...points, ...points.slice(0, 1)].map(position);
  return { type: 'Feature', properties: { kind, name }, geometry: { type: 'Polygon', coordinates: [ring] } };
}

/** GeoJSON has the longitude first. Five decimals are a metre. */
function position([lat, lng]: LatLng): Position {
  return [Number(lng.toFixed(5)), Number(lat.toFixed(5))];
}

/** The closed round that a commercial walks in a sector: along the streets, so many blocks wide and high. */
export function roundIn({ plan, x, y }: Sector, blocksWide: number, blocksHigh: number): readonly LatLng[] {
  const [w, h] = [blocksWide * BLOCK, blocksHigh * BLOCK];
  return [
    plan.at(x - w, y - h),
    plan.at(x, y - h),
    plan.at(x, y + h),
    plan.at(x + w, y + h),
    plan.at(x + w, y),
    plan.at(x - w, y),
  ];
}
