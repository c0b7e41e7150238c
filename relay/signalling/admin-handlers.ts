import type { Listening } from '../streams/listening.ts';
import type { Session } from '../streams/session.ts';
import type { Whispering } from '../streams/whispering/whispering.ts';
import type { Handlers } from './dispatcher.ts';

type AdminRequest =
  | 'roster:pace'
  | 'listen:connect'
  | 'listen:answer'
  | 'listen:select'
  | 'listen:opening'
  | 'listen:stop'
  | 'listen:disconnect'
  | 'whisper:offer'
  | 'whisper:begin'
  | 'whisper:cue'
  | 'whisper:seen';

/**
 * The requests of an admin's page. Who it is comes from the session, never from the message.
 * @param paceRoster told whether the page is hidden
 */
export function adminHandlers(
  listening: Listening,
  whispering: Whispering,
  paceRoster: (session: Session, hidden: boolean) => void,
): Pick<Handlers, AdminRequest> {
  return {
    'roster:pace': (session, { hidden }) => {
      paceRoster(session, hidden);
      return {};
    },
    'listen:connect': async (session, { mode }) => ({ sdp: await listening.connect(session, mode) }),
    'listen:answer': async (session, { sdp }) => {
      await listening.answer(session, sdp);
      return {};
    },
    'listen:select': (session, { commercialId, again, purpose, e2ee }) =>
      listening.select(session, commercialId, again, purpose ?? null, e2ee),
    'listen:opening': (session, { commercialId, cannotOpen }) => {
      listening.opening(session, commercialId, cannotOpen);
      return {};
    },
    'listen:stop': (session) => {
      listening.stop(session);
      return {};
    },
    'listen:disconnect': (session) => {
      listening.disconnect(session);
      return {};
    },
    'whisper:offer': async (session, { mode, sdp }) => ({ sdp: await whispering.offer(session, mode, sdp) }),
    'whisper:begin': (session, { e2ee }) => whispering.begin(session, e2ee ?? null),
    'whisper:cue': async (session, { text }) => {
      await whispering.cue(session, text);
      return {};
    },
    'whisper:seen': (session, { id, version }) => {
      whispering.seen(session, id, version);
      return {};
    },
  };
}
