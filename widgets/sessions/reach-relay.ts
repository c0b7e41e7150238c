import { type RelayLink, untilOnline } from '../relay-client/relay-link.ts';
import { isPassing } from './relay-use.ts';

/** How long a click waits for a relay that is not connected yet. */
const START_PATIENCE_MS = 10_000;

export interface ReachRelayOptions {
  readonly relay: RelayLink;
  readonly media: { open(): Promise<unknown>; close(): void };
  readonly microphone: Promise<void>;
  /** The stream before this one has ended, as far as the relay was told. */
  readonly finished: Promise<void>;
  startStream(): Promise<void>;
  readonly signal: AbortSignal;
}

/** Media side by side with the microphone, then the stream's start; again from the media on when the socket was lost meanwhile. */
export async function reachRelay(options: ReachRelayOptions): Promise<void> {
  const { relay, media, microphone, finished, startStream, signal } = options;
  const deadline = performance.now() + START_PATIENCE_MS;
  const connect = async (): Promise<void> => {
    await finished;
    await untilOnline(relay, deadline - performance.now(), signal);
    if (!signal.aborted) await media.open();
  };
  for (;;) {
    try {
      await Promise.all([microphone, connect()]);
      if (!signal.aborted) await startStream();
      return;
    } catch (error) {
      const again = isPassing(error) && performance.now() < deadline && relay.status !== 'refused';
      if (signal.aborted || !again) throw error;
      media.close();
    }
  }
}
