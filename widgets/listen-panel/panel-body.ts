import type { LitElement, TemplateResult } from 'lit';
import { nothing } from 'lit';
import type { Words } from '../i18n/words.ts';
import type { ListeningState } from '../sessions/state.ts';
import { addShadowStyles } from '../ui/shadow-styles.ts';
import { bodyStyles } from './body-styles.ts';
import { dock } from './dock.ts';
import { dockRoom } from './dock-room.ts';
import { alertsButton, HelpAlerts, helpNotice } from './help-alerts.ts';
import type { PresentSession } from './host-wishes.ts';
import { panelKeys } from './key-actions.ts';
import { commercialsOf, ListController } from './list-controller.ts';
import type { Listens } from './listens.ts';
import { SAME_FRAME_MS, showLevel } from './meter.ts';
import { News } from './news.ts';
import { panelNotices, spokenNotices } from './panel-notices.ts';
import { nextLive, Round } from './round.ts';
import { toolbar } from './toolbar.ts';
import { dockView } from './view.ts';

/** What the body needs of the panel. */
export interface PanelBodyOptions {
  readonly sessions: PresentSession & {
    /** See `SessionController`. */
    flush(within: number): void;
  };
  /** Who may be heard, and why: it decides, also on what is pressed here. */
  readonly listens: Listens;
  /** Hears this commercial by hand. */
  listen(id: string): void;
  /** Hears nobody, by hand. */
  stop(): void;
  /** Shows the keys. */
  help(): void;
  /** The first of the panel's nodes that fits, wherever it stands. */
  find(selector: string): HTMLElement | null;
  /** The host's choice for a round, or null. */
  roundSeconds(): number | null;
}

/** What the body adds to the panel's own frame. */
export interface BodyView {
  readonly docked: boolean;
  /** In the header. */
  readonly bell: TemplateResult | typeof nothing;
  readonly tools: TemplateResult;
  readonly notices: TemplateResult;
  readonly list: TemplateResult;
  readonly dock: TemplateResult | typeof nothing;
  /** What is read out before the failure, and after it. */
  readonly spoken: readonly [string, string];
}

/** What the panel has when there is somebody to show: list, toolbar, dock, keys, rounds, and who is told of. */
export class PanelBody {
  readonly #options: PanelBodyOptions;
  readonly #list: ListController;
  readonly #round: Round;
  readonly #news = new News();
  readonly #help = new HelpAlerts();
  readonly #update: () => void;
  /** Whom the round wants to hear: another selection is by hand. */
  #roundId: string | null = null;
  /** The pressed headphones, which take the focus when the dock leaves. */
  #headphones: HTMLElement | null = null;
  #docked = false;

  constructor(host: LitElement, options: PanelBodyOptions) {
    this.#options = options;
    this.#update = () => host.requestUpdate();
    addShadowStyles(host, bodyStyles);
    const { sessions, listens, listen, stop, find, help } = options;
    this.#list = new ListController(host, {
      toggle: (id) => {
        if (id === sessions.state.selectedId) stop();
        else if (listens.may(id)) listen(id);
      },
      warm: () => sessions.session?.warm(),
    });
    this.#round = new Round({ next: () => this.#next(), changed: this.#update });
    host.addController(this.#round);
    host.addEventListener(
      'keydown',
      panelKeys(this.#list, this.#round, { find, sessions: () => sessions, stop, help }).handle,
    );
    // Who asked for help before is shown, and is no news.
    this.#help.look(sessions.state.commercials);
  }

  /** The pressed headphones, as they stood in the last rendering. */
  get headphones(): HTMLElement | null {
    return this.#headphones;
  }

  /** Renders at once what was to follow the next paint. */
  flush(): void {
    this.#list.flush();
  }

  /** Something was done by hand. Idempotent. */
  endRound(): void {
    this.#round.stop();
  }

  /** The state has changed; before it is rendered. */
  changed(state: ListeningState, previous: ListeningState): void {
    const { sessions, find } = this.#options;
    const { status, selectedId, level, commercials } = state;
    // Four times a second: nothing is rendered for it. What waits to be shown is shown in the same frame.
    if (level !== previous.level && status === 'listening' && !state.muted) {
      showLevel(find('.meter>i'), level);
      sessions.flush(SAME_FRAME_MS);
    }
    if (commercials !== previous.commercials) this.#help.look(commercials);
    const turned = selectedId !== previous.selectedId;
    if (turned && selectedId !== this.#roundId) this.#round.stop();
    if (turned && selectedId) this.#news.drop(selectedId);
    const { watched, sound } = this.#list.preferences;
    if (this.#news.look(commercials, previous.commercials, watched) && sound) this.#help.sound();
  }

  /** @param whispers what the dock has for them */
  render(state: ListeningState, words: Words, whispers: unknown): BodyView {
    const { sessions, listens, roundSeconds } = this.#options;
    const { policy } = listens;
    const { commercials, status } = state;
    const view = dockView(state, words);
    const help = this.#help.on ? helpNotice(commercials, words) : '';
    const news = this.#news.of(commercials);
    return {
      docked: view !== null,
      bell: commercials.length > 0 ? alertsButton(this.#help.on, words, this.#toggleAlerts) : nothing,
      tools: toolbar(commercials, this.#list, this.#round, roundSeconds(), words, this.#toolActions),
      notices: panelNotices(state, help, news, words, this.#noticeActions),
      list: this.#list.render(state, listens.pendingId, words, policy),
      dock: view ? dock(view, state, words, sessions.session, policy?.dock(state, words), whispers) : nothing,
      spoken: [view ? `${view.name} ${view.words}` : words(`state_${status}`), spokenNotices(state, help, news, words)],
    };
  }

  /** It was rendered. */
  rendered(): void {
    const { find } = this.#options;
    this.#headphones = find('.listen[aria-pressed=true]');
    this.#docked = dockRoom(find('.panel'), find('.dock'), this.#docked ? null : this.#headphones);
  }

  /** Hears the next one who is live, in the order of the list. */
  #next(): void {
    const { sessions, listens } = this.#options;
    const { commercials, selectedId } = sessions.state;
    const next = nextLive(listens.open(commercialsOf(this.#list.items)), listens.open(commercials), selectedId);
    if (!next) return;
    this.#roundId = next.id;
    void listens.to(next.id);
  }

  readonly #toggleAlerts = (): void => {
    this.#help.toggle();
    this.#update();
  };

  readonly #noticeActions = {
    listen: (id: string) => this.#options.listen(id),
    read: () => this.#options.sessions.session?.dismissReplaced(),
    seen: (id: string) => {
      this.#news.drop(id);
      this.#update();
    },
  };

  readonly #toolActions = {
    next: () => {
      this.#round.stop();
      this.#next();
    },
    round: (seconds: number) => this.#round.start(seconds),
  };
}
