import { ProspectListenChangeEvent, ProspectRosterChangeEvent } from '../events/prospect-events.ts';
import type { ListeningState } from '../sessions/state.ts';
import type { SessionController } from '../ui/session-controller.ts';

/** Tells the host what of the panel's state has changed: who is listened to, and the list. */
export function tellHost(
  state: ListeningState,
  previous: ListeningState,
  { dispatch }: Pick<SessionController<never, never>, 'dispatch'>,
): void {
  const { status, selectedId, commercials, partial } = state;
  if (selectedId !== previous.selectedId || (selectedId !== null && status !== previous.status)) {
    const name = state.selected?.name ?? null;
    dispatch(() => new ProspectListenChangeEvent({ commercialId: selectedId, name, status }));
  }
  if (commercials !== previous.commercials || partial !== previous.partial)
    dispatch(() => new ProspectRosterChangeEvent(commercials, !partial));
}
