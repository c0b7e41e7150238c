import type { Helping } from '../streams/helping.ts';
import type { Publishing } from '../streams/publishing.ts';
import type { Session } from '../streams/session.ts';
import type { Whispering } from '../streams/whispering/whispering.ts';
import type { Handlers } from './dispatcher.ts';

type CommercialRequest =
  | 'publish:offer'
  | 'stream:start'
  | 'stream:stop'
  | 'stream:stop-elsewhere'
  | 'stream:pause'
  | 'consent:give'
  | 'stream:capture'
  | 'stream:voice'
  | 'demand:seen'
  | 'help:ask'
  | 'whisper:allow'
  | 'whisper:shown';

/**
 * The requests of a commercial's page. Who it is comes from the session, never from the message.
 * @param consent told which text was acknowledged
 */
export function commercialHandlers(
  publishing: Publishing,
  helping: Helping,
  whispering: Whispering,
  consent: (session: Session, version: string) => void,
): Pick<Handlers, CommercialRequest> {
  return {
    'publish:offer': async (session, { mode, sdp }) => ({ sdp: await publishing.offer(session, mode, sdp) }),
    'stream:start': (session, { again, e2ee }) => publishing.start(session, again, e2ee ?? null),
    'stream:stop': (session) => {
      publishing.stop(session);
      return {};
    },
    'stream:stop-elsewhere': async (session) => {
      await publishing.stopElsewhere(session);
      return {};
    },
    'stream:pause': async (session, { paused, reason }) => {
      await publishing.pause(session, paused, reason ?? null);
      return {};
    },
    'consent:give': (session, { version }) => {
      consent(session, version);
      return {};
    },
    'stream:capture': (session, { interruption }) => {
      publishing.capture(session, interruption);
      return {};
    },
    'demand:seen': (session, { version }) => {
      publishing.seen(session, version);
      return {};
    },
    'stream:voice': (session, { level }) => {
      publishing.voice(session, level);
      return {};
    },
    'help:ask': (session, { on, again }) => helping.ask(session, on, again),
    'whisper:allow': (session, { voice, cues, e2ee }) => {
      whispering.allow(session, voice, cues, e2ee);
      return {};
    },
    'whisper:shown': (session, { id }) => {
      whispering.shown(session, id);
      return {};
    },
  };
}
