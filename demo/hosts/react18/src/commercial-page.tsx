import type { ProspectStreamButton } from '@prospect-live/widgets';
// The types of the two elements in JSX.
import type {} from '@prospect-live/widgets/react';
import { useEffect, useRef, useState } from 'react';
import { fetchSession, type Session } from './session.ts';

/**
 * The plain way in React 18: attributes are set from props, as text; properties and events need the element. A boolean
 * attribute is on as soon as it is there, so what is off must be left out: `disabled={locked || undefined}`.
 */
export function CommercialPage({ person, token, relayUrl }: Session) {
  const button = useRef<ProspectStreamButton>(null);
  const [state, setState] = useState('…');
  const [locked, setLocked] = useState(false);

  useEffect(() => {
    const element = button.current;
    if (!element) return;
    const controller = new AbortController();
    const { signal } = controller;
    element.addEventListener('prospect-state-change', (event) => setState(event.state), { signal });
    element.tokenProvider = async () => (await fetchSession()).token;
    return () => controller.abort();
  }, []);

  return (
    <div className="field">
      <main>
        <div className="title">
          <h1>React 18</h1>
          <p>{person.name}</p>
        </div>
        <p>
          État : <strong data-state>{state}</strong>
        </p>
        <label>
          <input type="checkbox" checked={locked} onChange={(event) => setLocked(event.target.checked)} /> Verrouiller
          le bouton
        </label>
        <prospect-stream-button
          ref={button}
          class="live-button"
          token={token}
          relay-url={relayUrl}
          disabled={locked || undefined}
        />
      </main>
    </div>
  );
}
