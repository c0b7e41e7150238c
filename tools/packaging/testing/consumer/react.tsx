/** A page in React 19. Compiled, never run. */
import type {} from '@prospect-live/widgets/react';
import { useRef } from 'react';

/** Every kind of prop: attributes, events, a ref, children's and global attributes. */
export function Page({ token }: { token: string | null }) {
  const panel = useRef<HTMLElementTagNameMap['prospect-listen-panel']>(null);
  return (
    <main>
      <prospect-stream-button
        token={token}
        relay-url="https://relay.example.com"
        placement="inline"
        disabled
        onprospect-token-expiring={({ expiresInMs }) => console.log(expiresInMs.toFixed())}
        onprospect-state-change={({ state }) => {
          // @ts-expect-error: a button waits for nobody
          if (state === 'waiting') console.log(state);
        }}
      />
      <prospect-listen-panel
        ref={panel}
        id="team"
        volume={0.5}
        onprospect-listen-change={({ commercialId, name }) => console.log(commercialId, name, panel.current?.selected)}
      />
      {/* @ts-expect-error: there are two themes and `auto` */}
      <prospect-listen-panel theme="pink" />
    </main>
  );
}
