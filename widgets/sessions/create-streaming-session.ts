import { latePart } from '../shared/late-part.ts';
import { heldLink, type LinkOptions } from './held-link.ts';
import type { StreamingControl } from './state.ts';

const part = latePart(() => import('./make-streaming-session.ts'));

export interface StreamingSessionOptions extends LinkOptions {
  /** Resolves when the element has rendered the newest state. */
  readonly shown: () => Promise<unknown>;
}

/** A streaming session on the real browser and relay. Connects at once when there is a token; the session's own code is loaded meanwhile. */
export async function createStreamingSession(options: StreamingSessionOptions): Promise<StreamingControl> {
  const link = heldLink('prospect-stream-button', options);
  const { makeStreamingSession } = await part.get();
  options.signal.throwIfAborted();
  return link.take((relay) => makeStreamingSession(relay, options, link.log));
}
