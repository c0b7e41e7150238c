/**
 * The host's own business: doors to knock at and what came of it. Kept in memory and made up at start, the same every
 * time. Prospect Live knows nothing of it; it is here so that the pages look and work like a real product's.
 */
import { COMMERCIALS } from './people.ts';

/** What came of a visit. */
export const VISIT_STATES = ['todo', 'absent', 'callback', 'interested', 'signed', 'refused'] as const;

export type VisitState = (typeof VISIT_STATES)[number];

/** One door. */
export interface Door {
  readonly number: number;
  readonly address: string;
  readonly detail: string;
  readonly state: VisitState;
  /** When it was visited, `HH:MM`, or null. */
  readonly visitedAt: string | null;
}

/** Figures of a commercial's day. */
export interface DayFigures {
  readonly total: number;
  readonly visited: number;
  readonly interested: number;
  readonly signed: number;
}

const STREETS: Readonly<Record<string, string>> = {
  'lea-martin': 'rue Camille',
  'karim-benali': 'rue du Professeur Florence',
  'chloe-petit': 'rue Marius Berliet',
  'hugo-moreau': 'rue Marietton',
  'ines-laurent': 'avenue du Point du Jour',
  'thomas-girard': 'rue Michel Servet',
};

const DETAILS = [
  'Maison',
  'Rez-de-chaussée',
  '1er étage gauche',
  '1er étage droite',
  '2e étage',
  'Maison, portail vert',
];
const STORY: readonly VisitState[] = [
  'signed',
  'absent',
  'interested',
  'refused',
  'callback',
  'absent',
  'interested',
  'signed',
  'refused',
  'todo',
  'todo',
  'todo',
];

/** True for the states that a door can have; what a form sends may be anything. */
export function isVisitState(value: unknown): value is VisitState {
  return VISIT_STATES.some((state) => state === value);
}

function madeUpDoors(street: string, seed: number): Door[] {
  const visited = 5 + ((seed * 3) % 5);
  return Array.from({ length: 10 }, (_, index) => {
    const state = index < visited ? (STORY[(index + seed * 2) % 9] ?? 'absent') : 'todo';
    const minutes = 9 * 60 + 10 + index * 17 + seed * 4;
    return {
      number: index + 1,
      address: `${4 + seed + index * 2} ${street}`,
      detail: DETAILS[(index + seed) % DETAILS.length] ?? 'Maison',
      state,
      visitedAt: state === 'todo' ? null : clock(minutes),
    };
  });
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** The doors of all commercials. */
export class DoorBook {
  readonly #doors = new Map<string, Door[]>();

  constructor() {
    COMMERCIALS.forEach((person, index) => {
      this.#doors.set(person.id, madeUpDoors(STREETS[person.id] ?? 'rue de la République', index));
    });
  }

  of(commercialId: string): readonly Door[] {
    return this.#doors.get(commercialId) ?? [];
  }

  /** Notes what came of a visit. @returns the changed door, or undefined when there is no such door */
  mark(commercialId: string, number: number, state: VisitState, now = new Date()): Door | undefined {
    const doors = this.#doors.get(commercialId);
    const index = doors?.findIndex((door) => door.number === number) ?? -1;
    const old = doors?.[index];
    if (!doors || !old) return undefined;
    const visitedAt = state === 'todo' ? null : clock(now.getHours() * 60 + now.getMinutes());
    const changed = { ...old, state, visitedAt };
    doors[index] = changed;
    return changed;
  }

  figures(commercialId: string): DayFigures {
    const doors = this.of(commercialId);
    const count = (...states: VisitState[]) => doors.filter((door) => states.includes(door.state)).length;
    return {
      total: doors.length,
      visited: doors.length - count('todo'),
      interested: count('interested', 'callback'),
      signed: count('signed'),
    };
  }

  /** The time of the latest visit, `HH:MM`, or null. */
  lastVisit(commercialId: string): string | null {
    return this.of(commercialId).reduce<string | null>(
      (latest, door) =>
        door.visitedAt !== null && (latest === null || door.visitedAt > latest) ? door.visitedAt : latest,
      null,
    );
  }
}
