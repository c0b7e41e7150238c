// Not part of the application: the compiler checks that the elements' types say yes and no where they should.

import type { ListeningStatus, ProspectStreamButton, StreamingStatus } from '@prospect-live/widgets';
import type {} from '@prospect-live/widgets/react';
import { useRef } from 'react';

/** What is right. */
export function Right() {
  const button = useRef<ProspectStreamButton>(null);
  return (
    <>
      <prospect-stream-button
        ref={button}
        className="live"
        key="button"
        token={null}
        relay-url="https://relay.example.com:8443"
        lang="fr"
        placement="inline"
        theme="dark"
        debug
        disabled={false}
        aria-label="Direct"
        onprospect-state-change={({ state }) => {
          const status: StreamingStatus = state;
          return status;
        }}
        onprospect-error={({ code, message, recoverable }) => [code.length, message.length, recoverable]}
        onprospect-token-expiring={({ expiresInMs }) => expiresInMs.toFixed()}
      />
      <prospect-listen-panel
        token="..."
        dock="inside"
        volume={0.5}
        onprospect-state-change={({ state }) => {
          const status: ListeningStatus = state;
          return status;
        }}
        onprospect-listen-change={({ commercialId, name }) => [commercialId?.length, name?.length]}
        onprospect-roster-change={({ commercials }) => commercials.map(({ id, status, level }) => [id, status, level])}
      />
    </>
  );
}

/** What is wrong, each for one reason. */
export function Wrong() {
  return (
    <>
      {/* @ts-expect-error a token is text */}
      <prospect-stream-button token={12} />
      {/* @ts-expect-error there is no such place */}
      <prospect-stream-button placement="top" />
      {/* @ts-expect-error the attribute is relay-url */}
      <prospect-stream-button relayUrl="https://relay.example.com" />
      {/* @ts-expect-error the button has no volume */}
      <prospect-stream-button volume={1} />
      {/* @ts-expect-error React listens to the event's own name only */}
      <prospect-stream-button onProspectError={() => {}} />
      {/* @ts-expect-error the state is told, not given */}
      <prospect-listen-panel state="ready" />
      {/* @ts-expect-error errors have no such field */}
      <prospect-listen-panel onprospect-error={({ colour }) => colour} />
      {/* @ts-expect-error there is no such element */}
      <prospect-listen-pannel />
    </>
  );
}
