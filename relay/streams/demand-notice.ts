import { RelayError } from '../errors.ts';
import type { ListenerInfo } from '../protocol/messages.ts';
import type { Session } from './session.ts';
import type { Timer, TimerSet } from './timers.ts';

/**
 * A page that has not acknowledged its listeners for so long is looked at: a connection over which nothing at all came back
 * meanwhile is dead. Longer than two slow round trips, much shorter than the heartbeat.
 */
export const ACKNOWLEDGE_WITHIN_MS = 5_000;
/** So many notices may go out in a row, each at once: one who chooses a commercial is not kept waiting by a few others. */
export const AT_ONCE = 4;
/** After those there is one in so many milliseconds, of all that has changed: a crowd that comes at once is a handful of messages. */
export const GATHER_MS = 50;
/** Notices that may be under way at once. A page that acknowledges none makes the relay remember no more than these. */
const MAX_UNDER_WAY = 64;

/** Versions rise over all streams of a session, so that a late acknowledgement of an older stream is never taken for a newer one's. */
const lastVersions = new WeakMap<Session, number>();

/** Why each of those on a list listens, by id: '' without a purpose. */
type Purposes = ReadonlyMap<string, string>;

/** What a notice is made with. */
export interface DemandNoticeOptions {
  /** The page that streams. */
  readonly session: Session;
  readonly timers: TimerSet;
  /** The page's connection was found dead and has been dropped. */
  readonly onDead: () => void;
  /** The page was sent that so many listen. */
  readonly onAnnounced?: (listeners: number) => void;
  /** The page has said that it shows somebody, so long (ms) after they came. */
  readonly onTold?: (ms: number) => void;
}

/**
 * Who is shown as listening on the page that streams. Sent is not shown: a path that is dead without anybody having noticed
 * swallows what is written into it. So each list has a version which the page acknowledges once it shows the list, and only those
 * count as shown who stand in the acknowledged list and in every later one that is under way, for the page may show any of these. What is
 * sent is how the list differs from the one that was sent before over this connection; the first is the whole list.
 */
export class DemandNotice {
  readonly #options: DemandNoticeOptions;
  /** Who stood in each list that was sent and not acknowledged, by version, oldest first. */
  readonly #underWay = new Map<number, Purposes>();
  /** The last version sent. */
  #version = 0;
  #shown: Purposes = new Map();
  /** The list that was sent last over the present connection: names, purposes and what they cannot open, by id. */
  #sent: ReadonlyMap<string, string> | null = null;
  /** The list as it is now, as far as it was announced. */
  #newest: readonly ListenerInfo[] = [];
  /** Since when those listen whom the page has not said to show, by id. */
  readonly #untold = new Map<string, number>();
  /** Notices that may go out at once. */
  #atOnce = AT_ONCE;
  /** Runs while that are less than at first. */
  #gathering: Timer | null = null;
  #deadline: Timer | null = null;
  #closed = false;

  constructor(options: DemandNoticeOptions) {
    this.#options = options;
  }

  /** The admins whom the page certainly shows, by id, each with the purpose that it shows ('' without one). */
  get shown(): ReadonlyMap<string, string> {
    return this.#shown;
  }

  /**
   * Tells the page of the list, if it is another one than was sent last over this connection: at once, or gathered with what else
   * changes when much was sent just now.
   */
  announce(listeners: readonly ListenerInfo[]): void {
    this.#newest = listeners;
    // Who has another purpose now is not shown with it, from this moment on.
    const now = purposesOf(listeners);
    this.#shown = kept(this.#shown, (id, purpose) => (now.get(id) ?? purpose) === purpose);
    this.#noteUntold();
    if (this.#atOnce > 0) this.#send();
  }

  /**
   * The page shows the list of this version. What it was shown before is past; later lists are under way still.
   * @returns whether `shown` changed
   * @throws RelayError bad_request: no such version was sent
   */
  acknowledge(version: number): boolean {
    if (version > this.#version) {
      throw new RelayError(
        'bad_request',
        `demand:seen: version ${version} was not sent; the last was ${this.#version}.`,
      );
    }
    const acknowledged = this.#underWay.get(version);
    if (!acknowledged) return false;
    // Another purpose may wait to be sent.
    const now = purposesOf(this.#newest);
    let shown = kept(acknowledged, (id, purpose) => (now.get(id) ?? purpose) === purpose);
    for (const [other, later] of this.#underWay) {
      if (other <= version) this.#underWay.delete(other);
      else shown = common(shown, later);
    }
    if (this.#underWay.size === 0) {
      this.#deadline?.cancel();
      this.#deadline = null;
    }
    const before = this.#shown;
    this.#shown = shown;
    this.#noteTold();
    return before.size !== shown.size || [...shown].some(([id, purpose]) => before.get(id) !== purpose);
  }

  /** The page has a new connection: what it was sent may have got lost, so that it is sent the list again. */
  sendAgain(): void {
    this.#sent = null;
    this.#gathering?.cancel();
    this.#gathering = null;
    this.#atOnce = AT_ONCE;
    this.#deadline?.cancel();
    this.#deadline = null;
  }

  /** The page begins anew and shows nobody. */
  forget(): void {
    this.sendAgain();
    this.#shown = new Map();
    this.#underWay.clear();
    this.#untold.clear();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.forget();
  }

  #noteUntold(): void {
    const ids = new Set(this.#newest.map(({ id }) => id));
    for (const id of this.#untold.keys()) if (!ids.has(id)) this.#untold.delete(id);
    for (const id of ids) if (!this.#shown.has(id) && !this.#untold.has(id)) this.#untold.set(id, performance.now());
  }

  #noteTold(): void {
    for (const [id, since] of this.#untold) {
      if (!this.#shown.has(id)) continue;
      this.#untold.delete(id);
      this.#options.onTold?.(performance.now() - since);
    }
  }

  #send(): void {
    const { session, onAnnounced } = this.#options;
    if (this.#closed || !session.peer) return;
    const list = new Map(this.#newest.map((info) => [info.id, said(info)]));
    const joined = this.#newest.filter((info) => this.#sent?.get(info.id) !== said(info));
    const left = [...(this.#sent?.keys() ?? [])].filter((id) => !list.has(id));
    if (this.#sent && joined.length === 0 && left.length === 0) return;
    const since = this.#sent && this.#version;
    this.#sent = list;
    this.#version = (lastVersions.get(session) ?? 0) + 1;
    lastVersions.set(session, this.#version);
    const purposes = purposesOf(this.#newest);
    this.#underWay.set(this.#version, purposes);
    this.#shown = common(this.#shown, purposes);
    const [oldest] = this.#underWay.keys();
    if (this.#underWay.size > MAX_UNDER_WAY && oldest !== undefined) this.#underWay.delete(oldest);
    this.#atOnce -= 1;
    this.#gather();
    session.notify('demand:changed', { version: this.#version, since, joined: [...joined], left });
    onAnnounced?.(list.size);
    this.#await();
  }

  #gather(): void {
    this.#gathering ??= this.#options.timers.after(GATHER_MS, () => {
      this.#gathering = null;
      this.#atOnce += 1;
      this.#send();
      if (this.#atOnce < AT_ONCE) this.#gather();
    });
  }

  /** Looks at the connection when the acknowledgement is overdue; a page that only is slow is waited for on. */
  #await(): void {
    if (this.#deadline) return;
    const { session, timers, onDead } = this.#options;
    const { peer } = session;
    this.#deadline = timers.after(ACKNOWLEDGE_WITHIN_MS, () => {
      this.#deadline = null;
      if (this.#closed || this.#underWay.size === 0 || !peer || session.peer !== peer) return;
      if (peer.silentForMs < ACKNOWLEDGE_WITHIN_MS) {
        this.#await();
        return;
      }
      onDead();
      peer.drop();
      session.detach(peer);
    });
  }
}

/** What is shown of a listener beside the id. No name holds a line end. */
function said({ name, purpose, cannotOpen }: ListenerInfo): string {
  return [purpose, cannotOpen, name].join('\n');
}

/** Why each of them listens, by id: '' without a purpose. */
function purposesOf(listeners: readonly ListenerInfo[]): Purposes {
  return new Map(listeners.map(({ id, purpose = '' }) => [id, purpose]));
}

/** Those who are in both, with the same purpose. */
function common(some: Purposes, others: Purposes): Purposes {
  return kept(some, (id, purpose) => others.get(id) === purpose);
}

function kept(some: Purposes, keeps: (id: string, purpose: string) => boolean): Purposes {
  return new Map([...some].filter(([id, purpose]) => keeps(id, purpose)));
}
