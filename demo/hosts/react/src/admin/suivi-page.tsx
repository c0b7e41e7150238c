// The types of the two elements in JSX.

import type { Commercial, ProspectListenPanel } from '@prospect-live/widgets';
import type {} from '@prospect-live/widgets/react';
import { useRef, useState } from 'react';
import { PageBar } from '../shared/page-bar.tsx';
import { useSession } from '../shared/session.tsx';
import { GpsMap } from './gps-map.tsx';
import type { Heard } from './heard.ts';
import { TeamTable } from './team-table.tsx';
import { usePositions } from './use-positions.ts';

const NOBODY: Heard = { id: null, status: 'idle' };

/**
 * The admin's page: the panel at the side, the map beside it. They follow each other: the panel's events are the map's state, and a
 * click on a marker calls the panel's method. The positions come from the company's own server; the relay knows of none.
 */
export function SuiviPage() {
  const { person, token, relayUrl, fetchToken } = useSession();
  const panel = useRef<ProspectListenPanel>(null);
  const [commercials, setCommercials] = useState<readonly Commercial[]>([]);
  const [heard, setHeard] = useState(NOBODY);
  const positions = usePositions();

  const toggle = (id: string) => {
    // Inside the click, so that the browser lets the sound play.
    if (heard.id === id) void panel.current?.stop();
    else void panel.current?.listen(id);
  };

  return (
    <div className="desk">
      <PageBar />
      <div className="columns">
        <aside className="side" aria-label="Écoute en direct">
          <prospect-listen-panel
            ref={panel}
            token={token}
            relay-url={relayUrl}
            tokenProvider={fetchToken}
            onprospect-roster-change={(event) => setCommercials(event.commercials)}
            onprospect-listen-change={({ commercialId, status }) => setHeard({ id: commercialId, status })}
          />
        </aside>
        <main>
          <div className="title">
            <h1>Suivi</h1>
            {person.role === 'admin' && <p>{person.equipes.join(' · ')}</p>}
          </div>
          <GpsMap positions={positions} commercials={commercials} heard={heard} onToggle={toggle} />
          <TeamTable heardId={heard.id} />
        </main>
      </div>
    </div>
  );
}
