import type { ListeningStatus } from '@prospect-live/widgets';

/** Whom the panel listens to, or waits for. */
export interface Heard {
  readonly id: string | null;
  readonly status: ListeningStatus;
}
