import type { ResultOf } from '../bus-protocol.ts';

/** One page of a team at one node. */
export type SnapshotPage = ResultOf<'snapshot'>;

/**
 * Everybody of a team at one node, page by page. Ends with the last page, and with one that goes no further, whatever the node says.
 * @param ask the page that comes after this id; null: the first. What it throws ends the walk
 */
export async function* snapshotPages(
  ask: (after: string | null) => SnapshotPage | Promise<SnapshotPage>,
): AsyncGenerator<SnapshotPage> {
  for (let after: string | null = null; ; ) {
    const page = await ask(after);
    yield page;
    const last: string | undefined = page.rows.at(-1)?.id;
    if (!page.more || last === undefined || (after !== null && last <= after)) return;
    after = last;
  }
}
