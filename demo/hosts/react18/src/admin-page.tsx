import type { TokenProvider } from '@prospect-live/widgets';
import { useState } from 'react';
import { ListenPanel } from './components.ts';
import { fetchSession, type Session } from './session.ts';

const fetchToken: TokenProvider = async () => (await fetchSession()).token;

/** The comfortable way in React 18: the element as a component, with properties and `onProspect...` props. */
export function AdminPage({ person, token, relayUrl }: Session) {
  const [heard, setHeard] = useState<string | null>(null);
  const [live, setLive] = useState(0);
  return (
    <div className="desk">
      <div className="columns">
        <aside className="side" aria-label="Écoute en direct">
          <ListenPanel
            token={token}
            relayUrl={relayUrl}
            tokenProvider={fetchToken}
            onProspectListenChange={(event) => setHeard(event.name)}
            onProspectRosterChange={({ commercials }) =>
              setLive(commercials.filter(({ status }) => status === 'live').length)
            }
          />
        </aside>
        <main>
          <div className="title">
            <h1>React 18</h1>
            <p>{person.name}</p>
          </div>
          <p>
            Écouté : <strong data-heard>{heard ?? 'personne'}</strong>
          </p>
          <p>
            En direct : <strong data-live>{live}</strong>
          </p>
        </main>
      </div>
    </div>
  );
}
