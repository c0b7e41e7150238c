/**
 * The elements as React components, with properties and `onProspect...` props, typed from the classes. Works in React 17, 18
 * and 19 alike. `@lit/react` is the kept tool for it, of the makers of Lit.
 */
import { createComponent, type EventName } from '@lit/react';
import {
  type ProspectErrorEvent,
  type ProspectListenChangeEvent,
  ProspectListenPanel,
  type ProspectRosterChangeEvent,
  type ProspectStateChangeEvent,
  ProspectStreamButton,
  type ProspectTokenExpiringEvent,
} from '@prospect-live/widgets';
import React from 'react';

const events = {
  onProspectStateChange: 'prospect-state-change' as EventName<ProspectStateChangeEvent>,
  onProspectError: 'prospect-error' as EventName<ProspectErrorEvent>,
  onProspectTokenExpiring: 'prospect-token-expiring' as EventName<ProspectTokenExpiringEvent>,
};

export const StreamButton = createComponent({
  react: React,
  tagName: 'prospect-stream-button',
  elementClass: ProspectStreamButton,
  events,
});

export const ListenPanel = createComponent({
  react: React,
  tagName: 'prospect-listen-panel',
  elementClass: ProspectListenPanel,
  events: {
    ...events,
    onProspectListenChange: 'prospect-listen-change' as EventName<ProspectListenChangeEvent>,
    onProspectRosterChange: 'prospect-roster-change' as EventName<ProspectRosterChangeEvent>,
  },
});
