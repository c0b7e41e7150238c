// The types of the two elements in JSX.
import type {} from '@prospect-live/widgets/react';
import { useSession } from '../shared/session.tsx';

/**
 * The commercial's button. React 19 gives attributes, and listens to events by their names, `on` before them. Its token is state
 * as any other: a new one goes to the element, the sound goes on.
 */
export function LiveButton({ onLiveChange }: { readonly onLiveChange?: (live: boolean) => void }) {
  const { token, relayUrl, refreshToken } = useSession();
  return (
    <prospect-stream-button
      token={token}
      relay-url={relayUrl}
      onprospect-token-expiring={refreshToken}
      onprospect-error={({ code }) => {
        // A phone that slept too long: its token is over already.
        if (code === 'token_expired') refreshToken();
      }}
      onprospect-state-change={({ state, previous }) => {
        if (state === 'live' || previous === 'live') onLiveChange?.(state === 'live');
      }}
    />
  );
}
