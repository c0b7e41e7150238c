import type { CommercialStatus, ListenerInfo } from '../protocol/messages.ts';

/** One connected or streaming commercial, for the status endpoint. */
export interface CommercialDetail {
  readonly id: string;
  readonly name: string;
  readonly equipe: string;
  readonly status: CommercialStatus;
  readonly liveForMs: number | null;
  readonly listeners: readonly ListenerInfo[];
}

/** Where HTTP endpoints and metrics read the state of the streams. */
export interface StatusSource {
  /** Streams that have started and not ended (live, paused or interrupted). */
  activeStreams(): number;
  /** Admins with a commercial selected (hearing or waiting) whose page is there: connected, or with media that flows. */
  totalListeners(): number;
  /** Those of them to whom audio should be passed on now: not waiting, not paused, shown on the commercial's page. */
  hearingsDue(): number;
  /** Sessions, with or without a socket (grace). */
  sessions(): number;
  /** Detail of the commercials for whom `mayKnow(equipe)` is true. */
  detail(mayKnow: (equipe: string) => boolean): CommercialDetail[];
}
