import type { PresentSession } from './host-wishes.ts';
import { type KeyList, PanelKeys } from './panel-keys.ts';
import type { Round } from './round.ts';

/** What the keys act on. */
export interface KeyTargets {
  readonly find: (selector: string) => HTMLElement | null;
  readonly sessions: () => Pick<PresentSession, 'session' | 'state'>;
  readonly stop: () => void;
  readonly help: () => void;
}

/** The panel's keys, and what they do. */
export function panelKeys(list: KeyList, round: Round, { find, sessions, stop, help }: KeyTargets): PanelKeys {
  return new PanelKeys(list, {
    search: () => {
      const field = find('[type=search]');
      field?.focus();
      return field !== null;
    },
    mute: () => {
      const { session, state } = sessions();
      if (state.selectedId !== null) session?.setMuted(!state.muted);
      return state.selectedId !== null;
    },
    stop: () => {
      if (round.seconds > 0) round.stop();
      else stop();
    },
    help,
  });
}
