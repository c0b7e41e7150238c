/** What Vue's templates are checked against. Compiled, never run. */
import type { ProspectListenChangeEvent } from '@prospect-live/widgets';
import type {} from '@prospect-live/widgets/vue';
import type { GlobalComponents } from 'vue';

type Panel = InstanceType<GlobalComponents['prospect-listen-panel']>;

export const props: Panel['$props'] = { token: 'abc', relayUrl: 'https://relay.example.com', volume: '0.5' };
// @ts-expect-error: it has another type
export const wrong: Panel['$props'] = { volume: true };

/** The element itself, as a template ref gives it. */
export function stop(panel: Panel, event: ProspectListenChangeEvent): void {
  if (event.status === 'paused') void panel.stop();
  panel.$emit('prospect-listen-change', event);
}
