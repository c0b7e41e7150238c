import type { Listening } from '../streams/listening.ts';
import type { Handlers } from './dispatcher.ts';

type AdminRequest = 'listen:connect' | 'listen:answer' | 'listen:select' | 'listen:stop' | 'listen:disconnect';

/** The requests of an admin's page. Who it is comes from the session, never from the message. */
export function adminHandlers(listening: Listening): Pick<Handlers, AdminRequest> {
  return {
    'listen:connect': async (session, { mode }) => ({ sdp: await listening.connect(session, mode) }),
    'listen:answer': async (session, { sdp }) => {
      await listening.answer(session, sdp);
      return {};
    },
    'listen:select': (session, { commercialId, again }) => listening.select(session, commercialId, again),
    'listen:stop': (session) => {
      listening.stop(session);
      return {};
    },
    'listen:disconnect': (session) => {
      listening.disconnect(session);
      return {};
    },
  };
}
