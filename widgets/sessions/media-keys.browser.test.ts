import { expect } from 'chai';
import { FakeListeningSession, listeningStates } from '../ui/testing/fake-sessions.ts';
import { followMediaKeys } from './media-keys.ts';

/** Handlers that the page has given to the browser, by key. */
function watchHandlers(): { handlers: Map<string, (() => void) | null>; restore: () => void } {
  const { mediaSession } = navigator;
  const handlers = new Map<string, (() => void) | null>();
  const original = mediaSession.setActionHandler.bind(mediaSession);
  mediaSession.setActionHandler = (action, handler) => {
    handlers.set(action, handler as (() => void) | null);
    original(action, handler);
  };
  return { handlers, restore: () => Reflect.deleteProperty(mediaSession, 'setActionHandler') };
}

describe('media keys', () => {
  it('are the page’s own while somebody is selected: play, pause, stop, next; and given back', () => {
    const { handlers, restore } = watchHandlers();
    const session = new FakeListeningSession(listeningStates().ready);
    const end = followMediaKeys(session);
    expect(handlers.size).to.equal(0);
    session.set(listeningStates().listening ?? {});
    expect(navigator.mediaSession.metadata?.title).to.equal('Nadia Benali');
    expect(navigator.mediaSession.metadata?.artist).to.equal('Nord');
    expect(navigator.mediaSession.playbackState).to.equal('playing');
    handlers.get('pause')?.();
    expect(navigator.mediaSession.playbackState).to.equal('paused');
    handlers.get('play')?.();
    handlers.get('nexttrack')?.();
    handlers.get('stop')?.();
    expect(session.calls).to.deep.equal(['setMuted:true', 'setMuted:false', 'enableSound', 'listen:jules', 'stop']);
    session.set({ selectedId: null, selected: null });
    expect([...handlers.values()]).to.deep.equal([null, null, null, null, null]);
    expect(navigator.mediaSession.metadata).to.equal(null);
    session.set(listeningStates().listening ?? {});
    end();
    expect(navigator.mediaSession.playbackState).to.equal('none');
    expect(session.subscribers).to.equal(0);
    restore();
  });
});
