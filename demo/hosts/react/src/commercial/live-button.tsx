// The types of the two elements in JSX.
import type {} from '@prospect-live/widgets/react';
import { useSession } from '../shared/session.tsx';

/**
 * The commercial's button. React 19 gives attributes and properties, and listens to events by their names, `on` before them. The element
 * asks for another token by itself; the sound goes on.
 */
export function LiveButton({ onLiveChange }: { readonly onLiveChange?: (live: boolean) => void }) {
  const { token, relayUrl, fetchToken } = useSession();
  return (
    <prospect-stream-button
      token={token}
      relay-url={relayUrl}
      tokenProvider={fetchToken}
      onprospect-state-change={({ state, previous }) => {
        if (state === 'live' || previous === 'live') onLiveChange?.(state === 'live');
      }}
    />
  );
}
