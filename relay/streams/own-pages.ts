import type { AfarStream, Commercial } from './commercial.ts';
import type { Session } from './session.ts';
import { Told } from './told.ts';

/** Tells every page of a commercial of the stream that another of their pages has: one user's pages know of each other, and of nobody else. */
export class OwnPages {
  /** The stream and what it does; empty: that there is none. */
  readonly #told = new Told('');

  /** To be called after anything about the commercial changed. A page is told what it does not know yet. */
  announce(commercial: Commercial): void {
    for (const session of commercial.present) {
      const stream = elsewhereOf(commercial, session);
      const what = stream ? `${stream.id} ${stream.status}` : '';
      if (!this.#told.isNews(session, what)) continue;
      session.notify('stream:elsewhere', { status: stream?.status ?? null, liveForMs: stream?.liveForMs ?? null });
    }
  }
}

/** The newest stream of the user, unless this page has it. */
function elsewhereOf({ stream, afar }: Commercial, session: Session): AfarStream | null {
  const streams: AfarStream[] = stream ? [stream, ...afar.values()] : [...afar.values()];
  const newest = streams.sort((a, b) => b.order - a.order)[0] ?? null;
  return newest === stream && stream?.session === session ? null : newest;
}
