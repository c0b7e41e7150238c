import type { ListeningControl, ListeningState } from './state.ts';

const ACTIONS = ['play', 'pause', 'stop', 'nexttrack', 'previoustrack'] as const;
type Action = (typeof ACTIONS)[number];

/** The live ones around who is heard, in the order of the list. */
function neighbour({ commercials, selectedId }: ListeningState, step: 1 | -1): string | null {
  const live = commercials.filter(({ id, status }) => status === 'live' || id === selectedId);
  const at = live.findIndex(({ id }) => id === selectedId);
  const next = live.at((at + step) % live.length);
  return next && next.id !== selectedId ? next.id : null;
}

/**
 * The keys of keyboards, headphones and locked phones (W3C Media Session): play and pause turn the sound on and off, stop hears nobody, next
 * and previous hear the neighbour who is live. They are the page's own while somebody is selected, and given back after it.
 * @returns the function that gives them back
 */
export function followMediaKeys(control: ListeningControl): () => void {
  const session = globalThis.navigator?.mediaSession as MediaSession | undefined;
  if (!session) return () => {};
  let held = false;
  const act: Readonly<Record<Action, () => void>> = {
    play: () => {
      control.setMuted(false);
      void control.enableSound();
    },
    pause: () => control.setMuted(true),
    stop: () => void control.stop(),
    nexttrack: () => go(1),
    previoustrack: () => go(-1),
  };
  const go = (step: 1 | -1): void => {
    const id = neighbour(control.getState(), step);
    if (id !== null) void control.listen(id);
  };
  const hold = (on: boolean): void => {
    held = on;
    for (const action of ACTIONS) {
      try {
        session.setActionHandler(action, on ? act[action] : null);
      } catch {
        // A browser that does not know this key.
      }
    }
    if (on) return;
    session.metadata = null;
    session.playbackState = 'none';
  };
  const look = (): void => {
    const { selected, selectedId, muted, status } = control.getState();
    if ((selectedId !== null) !== held) hold(selectedId !== null);
    if (selectedId === null) return;
    const title = selected?.name || selectedId;
    const artist = selected?.equipe ?? '';
    if (session.metadata?.title !== title || session.metadata.artist !== artist)
      session.metadata = new MediaMetadata({ title, artist });
    session.playbackState = muted || status === 'blocked' ? 'paused' : 'playing';
  };
  const unsubscribe = control.subscribe(look);
  return () => {
    unsubscribe();
    if (held) hold(false);
  };
}
