import { latePart } from '../shared/late-part.ts';
import { heldLink, type LinkOptions } from './held-link.ts';
import type { FirstSound } from './make-listening-session.ts';
import type { ListeningControl } from './state.ts';

const part = latePart(() => import('./make-listening-session.ts'));
const mediaKeys = latePart(() => import('./media-keys.ts'));

export interface ListeningSessionOptions extends LinkOptions, FirstSound {}

/** A listening session on the real browser and relay. Connects at once when there is a token; the session's own code is loaded meanwhile. */
export async function createListeningSession(options: ListeningSessionOptions): Promise<ListeningControl> {
  const link = heldLink('prospect-listen-panel', options);
  const { makeListeningSession } = await part.get();
  options.signal.throwIfAborted();
  const session = link.take((relay) => makeListeningSession(relay, options, link.log));
  void mediaKeys.get().then(({ followMediaKeys }) => followMediaKeys(session));
  return session;
}
