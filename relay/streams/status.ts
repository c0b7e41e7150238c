import type { CommercialStatus, ListenerInfo } from '../protocol/messages.ts';

/** One connected or streaming commercial, for the status endpoint. */
export interface CommercialDetail {
  readonly id: string;
  readonly name: string;
  readonly equipe: string;
  readonly status: CommercialStatus;
  readonly liveForMs: number | null;
  /** Who listens or waits. */
  readonly listenerCount: number;
  /** Their names. */
  readonly listeners: readonly ListenerInfo[];
}

/** One relay of a service. */
export interface NodeStatus {
  readonly id: string;
  /** It is stopping, and takes nobody new. */
  readonly draining: boolean;
  /** As `StatusSource.activeStreams` there. */
  readonly streams: number;
  /** As `StatusSource.totalListeners` there. */
  readonly listeners: number;
}

/** The relays of a service, as far as one of them knows. */
export interface ServiceSummary {
  /** False: others may be missing, since the message server is away. */
  readonly complete: boolean;
  /** The one that answers too. */
  readonly nodes: readonly NodeStatus[];
}

/** Commercials at all relays of a service. */
export interface ServiceDetail {
  /** False: a relay did not answer. */
  readonly complete: boolean;
  readonly commercials: readonly CommercialDetail[];
}

/** Where the status endpoint reads the state of several relays that are one service. */
export interface ServiceStatus {
  summary(): ServiceSummary;
  /** The commercials of these teams, within some seconds. Never rejects. */
  detail(equipes: readonly string[]): Promise<ServiceDetail>;
}

/** Where HTTP endpoints and metrics read the state of the streams. */
export interface StatusSource {
  /** Streams that have started and not ended (live, paused or interrupted). */
  activeStreams(): number;
  /** Admins with a commercial selected (hearing or waiting) whose page is there: connected, or with media that flows. */
  totalListeners(): number;
  /** Those of them to whom audio should be passed on now: not waiting, not paused, shown on the commercial's page. */
  hearingsDue(): number;
  /** Admins who should hear a live commercial over a path that is up, and to whom no packet goes. */
  withoutMedia(): number;
  /** Sessions, with or without a socket (grace). */
  sessions(): number;
  /** Detail of the commercials for whom `mayKnow(equipe)` is true. */
  detail(mayKnow: (equipe: string) => boolean): CommercialDetail[];
}
