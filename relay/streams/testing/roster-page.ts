import type { TestContext } from 'node:test';
import type { FakePage } from './scene.ts';

/** What the admin's page shows after everything it was sent. */
export function shown(page: FakePage): Map<string, string> {
  const rows = new Map<string, string>();
  const snapshots = page.peer.all('roster:snapshot');
  const start = page.peer.heard.findLastIndex(({ name }) => name === 'roster:snapshot');
  for (const row of snapshots.at(-1)?.commercials ?? []) rows.set(row.id, `${row.equipe} ${row.status}`);
  const later = page.peer.heard.slice(start).filter(({ name }) => name === 'roster:delta').length;
  for (const { changed, removed } of later > 0 ? page.peer.all('roster:delta').slice(-later) : []) {
    for (const row of changed) rows.set(row.id, `${row.equipe} ${row.status}`);
    for (const id of removed) rows.delete(id);
  }
  return rows;
}

/** The levels of one commercial that the page was told, in order, whichever way. */
export function levelsOf(page: FakePage, id: string): number[] {
  return page.peer
    .all('roster:delta')
    .flatMap(({ changed, levels }) => [...changed, ...levels])
    .filter((told) => told.id === id)
    .map(({ level }) => level);
}

/** Time passes in steps, so that what a timer sets rings in its turn. */
export function pass(t: TestContext, ms: number): void {
  for (let left = ms; left > 0; left -= 10) t.mock.timers.tick(Math.min(10, left));
}

/** How many changes of the roster the page was told. */
export const deltas = (page: FakePage): number => page.peer.all('roster:delta').length;
