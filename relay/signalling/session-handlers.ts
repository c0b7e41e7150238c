import { mayContinueAs } from '../auth/permissions.ts';
import type { PageVerifier } from '../auth/user.ts';
import type { IceConfig, SessionConfig } from '../config/shape.ts';
import { RelayError } from '../errors.ts';
import type { Session } from '../streams/session.ts';
import { voiceWithoutListeners } from '../streams/voice-policy.ts';
import type { Whispering } from '../streams/whispering/whispering.ts';
import type { Handlers } from './dispatcher.ts';
import { iceServersFor } from './ice-servers.ts';

/** The requests of both roles. */
export function sessionHandlers(
  verifier: PageVerifier,
  config: { readonly ice: IceConfig; readonly session: SessionConfig },
  whispering: Whispering,
): Pick<Handlers, 'session:refresh' | 'whisper:connect' | 'whisper:answer' | 'whisper:stop' | 'whisper:disconnect'> {
  /** Counts the refreshes of a session: of two that overlap, the one that was asked for last counts. */
  const latest = new WeakMap<Session, number>();
  return {
    'session:refresh': async (session, { token }) => {
      const order = (latest.get(session) ?? 0) + 1;
      latest.set(session, order);
      const verified = await verifier.verify(token);
      if (!mayContinueAs(session.user, verified.user)) {
        throw new RelayError('token_user_changed', 'This token is of another user or role. Connect anew for it.');
      }
      if (session.ended) throw new RelayError('token_expired', 'The session ended meanwhile.');
      if (latest.get(session) === order) session.refresh(verified);
      const { tokenExpiresInMs, user, expected } = session;
      return {
        tokenExpiresInMs,
        user,
        iceServers: iceServersFor(config.ice, user.id),
        voiceWithoutListeners: voiceWithoutListeners(config.session, user),
        ...(expected && { expected }),
      };
    },
    'whisper:connect': async (session, { mode }) => ({ sdp: await whispering.connect(session, mode) }),
    'whisper:answer': async (session, { sdp }) => {
      await whispering.answer(session, sdp);
      return {};
    },
    'whisper:stop': (session, { reason }) => {
      whispering.stop(session, reason ?? null);
      return {};
    },
    'whisper:disconnect': (session, { ear }) => {
      const own = ear ? 'ear' : 'microphone';
      whispering.disconnect(session, session.user.role === 'admin' ? own : 'all');
      return {};
    },
  };
}
