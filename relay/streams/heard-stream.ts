import type { StreamEnd } from '../audit/audit-entries.ts';
import type { AudioSource } from '../media/media.ts';
import type { Interruption, StreamStatus, VoiceLevel } from '../protocol/messages.ts';
import type { StreamSeal } from '../protocol/stream-seal.ts';

/** A commercial's stream as those see it who listen: the same whether its page is connected here or to another relay. */
export interface HeardStream {
  readonly id: string;
  /** Of two streams of one commercial, the one with the higher number was started later. */
  readonly order: number;
  readonly status: StreamStatus;
  /** Set while `status` is `interrupted`. */
  readonly interruption: Interruption | null;
  /** 0 unless live. */
  readonly level: VoiceLevel;
  /** Whole milliseconds since the start. */
  readonly liveForMs: number;
  readonly paused: boolean;
  /** Why it ended; null as long as it goes on. */
  readonly end: StreamEnd | null;
  /** What listeners carry now who are shown to the commercial; null while nothing may be heard. */
  readonly audible: AudioSource | null;
  /** The admins whom the commercial's page certainly shows, by id, each with the purpose that it shows ('' without one). */
  readonly shown: ReadonlyMap<string, string>;
  /** What is told of it when it is sealed from end to end; null: it is not. */
  readonly seal: StreamSeal | null;
  /** The commercial's page has a connection, and can be told who listens. */
  readonly attended: boolean;
  /** It comes from a device (WHIP), which shows nobody who listens. */
  readonly device: boolean;
}

/** Whether the commercial's page certainly shows this admin, and why they listen. */
export function isShown(
  { shown }: HeardStream,
  { admin, purpose }: { readonly admin: { readonly id: string }; readonly purpose: string | null },
): boolean {
  return shown.get(admin.id) === (purpose ?? '');
}
