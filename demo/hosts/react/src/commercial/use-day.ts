import { useCallback, useEffect, useState } from 'react';
import { api } from '../shared/router.tsx';

/** What came of a visit, and how it is called. */
export const VISIT_STATES = {
  todo: 'À visiter',
  absent: 'Absent',
  callback: 'À rappeler',
  interested: 'Intéressé',
  signed: 'Signé',
  refused: 'Refus',
} as const;

export interface Door {
  readonly number: number;
  readonly address: string;
  readonly detail: string;
  readonly state: keyof typeof VISIT_STATES;
  readonly visitedAt: string | null;
}

export interface Day {
  readonly doors: readonly Door[];
  readonly figures: {
    readonly total: number;
    readonly visited: number;
    readonly interested: number;
    readonly signed: number;
  };
}

/** The commercial's day, from the company's server. */
export function useDay() {
  const [day, setDay] = useState<Day | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    fetch(api('portes'), { signal: controller.signal })
      .then((response) => response.json())
      .then(setDay)
      .catch(() => {
        // Gone to another page, or no network: the list stays as it is.
      });
    return () => controller.abort();
  }, []);
  const mark = useCallback(async (number: number, state: string) => {
    const response = await fetch(api(`portes/${number}`), {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ state }),
    }).catch(() => null);
    if (!response?.ok) return;
    const { door, figures } = (await response.json()) as { door: Door; figures: Day['figures'] };
    setDay((old) => old && { figures, doors: old.doors.map((other) => (other.number === number ? door : other)) });
  }, []);
  return { day, mark };
}
