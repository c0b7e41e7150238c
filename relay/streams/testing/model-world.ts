/**
 * The relay's state in the hands of chance, for model-based tests: pages that read late and acknowledge late, paths that are dead
 * without anybody knowing, media that is slow and out of order. Each step is one thing that may happen; nothing happens by itself.
 */
import assert from 'node:assert/strict';
import type { Usage } from '../../policy/usage.ts';
import type { PayloadOf, RosterEntry, SessionUser } from '../../protocol/messages.ts';
import type { PolicyRules } from '../policy-guard.ts';
import type { Session } from '../session.ts';
import { FakePeer, Scene, ShownList, settle } from './scene.ts';

export const COMMERCIALS = ['cleo', 'hugo'];
const ADMINS = ['ada', 'ben'];
const TEAMS = [['Nord'], ['Sud'], ['Nord', 'Sud'], []];

/** What a person at a page could see, and what the page knows. */
export class ModelPage {
  readonly role: SessionUser['role'];
  readonly id: string;
  session: Session;
  peer = new FakePeer();
  /** Nothing gets through to the page or from it, though the relay believes that it is connected. */
  dead = false;
  /** Who is shown as listening. */
  readonly shown = new ShownList();
  /** Changes of the list of listeners that are on their way to the page. */
  inbox: PayloadOf<'demand:changed'>[] = [];
  /** Versions that the page shows and has not acknowledged yet. */
  unacknowledged: number[] = [];
  /** Names the page's peer connection: only this one carries its microphone. */
  connection: string | null = null;
  /** The stream was started, and the page was not told that it ended. */
  live = false;
  /** What was asked last while the stream was live. */
  paused = false;
  /** Why an admin listens, as the page asked last. */
  purpose: string | null = null;

  constructor(role: SessionUser['role'], id: string, session: Session) {
    this.role = role;
    this.id = id;
    this.session = session;
  }

  get connected(): boolean {
    return !this.session.ended && this.session.peer === this.peer && !this.dead;
  }
}

/** Somebody who hears: the admin's page, and the commercial's. */
export interface Heard {
  readonly ear: ModelPage;
  readonly mouth: ModelPage;
}

/** What a world may have besides. */
export interface ModelWorldOptions {
  readonly maxStreamMs?: number;
  readonly policy?: { readonly policy: PolicyRules; readonly usage: Usage; readonly wall: () => number };
  /** What must hold besides, of all who hear at a moment. @throws when it does not */
  readonly judge?: (heard: readonly Heard[]) => void;
  /** So much time has passed while these, who heard at its beginning, heard. */
  readonly passed?: (ms: number, heard: readonly Heard[]) => void;
}

export class ModelWorld {
  readonly scene: Scene;
  readonly pages: ModelPage[] = [];
  /** Steps of the media that are under way; they end in any order. */
  readonly media: (() => void)[] = [];
  /** How often somebody was heard when it was looked at: a run that never hears anybody proves nothing. */
  heard = 0;
  readonly #tick: (ms: number) => void;
  #connections = 0;
  readonly #failures: unknown[] = [];

  readonly #options: ModelWorldOptions;

  constructor(tick: (ms: number) => void, options: ModelWorldOptions = {}) {
    const { maxStreamMs = 60_000, policy = {} } = options;
    this.#options = options;
    this.scene = new Scene({
      session: { voiceWithoutListeners: ['*'], graceMs: 6_000, offlineKeepMs: 2_500, maxStreamMs },
      limits: { connectionsPerUser: 3 },
      ...policy,
    });
    this.#tick = (ms) => {
      const hearing = options.passed && this.hearing();
      tick(ms);
      if (hearing) {
        const still = this.hearing();
        options.passed?.(
          ms,
          hearing.filter(({ ear, mouth }) => still.some((other) => other.ear === ear && other.mouth === mouth)),
        );
      }
    };
    this.scene.media.slow = () => new Promise((resolve) => this.media.push(resolve));
  }

  /** Lets it happen, then what is ready run, and checks what must hold at every moment. */
  async take(happen: (page: ModelPage) => void, choice: number): Promise<void> {
    happen(this.pages[choice % Math.max(1, this.pages.length)] ?? this.join(choice));
    this.#check();
    await settle();
    this.#check();
    const [failure] = this.#failures;
    if (failure) throw failure;
  }

  /** Everything that is under way arrives; then who selected somebody hears them, and every view says the same. */
  async calm(): Promise<void> {
    for (const page of this.pages) {
      if (page.dead && !page.session.ended) this.reconnect(page);
      page.peer.congested = false;
      this.hide(page, false);
    }
    for (let round = 0; round < 12; round += 1) {
      for (const finish of this.media.splice(0)) finish();
      for (const page of this.pages) {
        while (page.inbox.length > 0) this.deliver(page);
        this.acknowledge(page);
      }
      await settle();
      this.#check();
      this.#tick(150);
    }
    const [failure] = this.#failures;
    if (failure) throw failure;
    try {
      this.#checkViews();
    } catch {
      // A token may have ended in the very last moment: its news is on the way for a tenth of a second, and no longer.
      this.#tick(150);
      await settle();
      for (const page of this.pages) {
        while (page.inbox.length > 0) this.deliver(page);
        this.acknowledge(page);
      }
      this.#checkViews();
    }
  }

  /** Every page leaves, every time runs out: nothing is left. */
  async end(): Promise<void> {
    for (const { session, peer } of this.pages) session.detach(peer);
    for (let round = 0; round < 8; round += 1) {
      for (const finish of this.media.splice(0)) finish();
      await settle();
      this.#tick(15_000);
    }
    await settle();
    const gauges = this.scene.registry.gauges();
    const { transports, producers, consumers } = this.scene.media.gauges();
    assert.deepEqual(
      { ...gauges, transports, producers, consumers },
      {
        sessions: 0,
        attached: 0,
        streams: 0,
        listeners: 0,
        commercials: 0,
        timers: 0,
        ears: 0,
        microphones: 0,
        whispers: 0,
        transports: 0,
        producers: 0,
        consumers: 0,
      },
      'something is left behind',
    );
    this.scene.registry.close();
  }

  join(choice: number): ModelPage {
    const role = choice % 2 === 0 ? 'commercial' : 'admin';
    const ids = role === 'commercial' ? COMMERCIALS : ADMINS;
    const id = ids[(choice >> 1) % ids.length] ?? '';
    const { session } = this.scene.registry.registry.open(verified(role, id, 0));
    const page = new ModelPage(role, id, session);
    this.pages.push(page);
    this.#attach(page);
    return page;
  }

  /** The page connects again, with its session if the relay has it still. */
  reconnect(page: ModelPage, choice = 0): void {
    const { session, resumed } = this.scene.registry.registry.open(
      verified(page.role, page.id, choice),
      page.session.id,
    );
    page.session = session;
    page.inbox = [];
    page.unacknowledged = [];
    page.dead = false;
    if (!resumed) this.#streamEnded(page);
    this.#attach(page);
  }

  /** The oldest change of the list arrives and is rendered. */
  deliver(page: ModelPage): void {
    const change = page.inbox.shift();
    if (change && page.connected && page.shown.show(change)) page.unacknowledged.push(change.version);
  }

  /** The page acknowledges what it shows. */
  acknowledge(page: ModelPage): void {
    const version = page.unacknowledged.at(-1);
    if (version === undefined || !page.connected) return;
    page.unacknowledged = [];
    this.scene.registry.publishing.seen(page.session, version);
  }

  /** Somebody looks at the page, or nobody does any more. */
  hide(page: ModelPage, hidden: boolean): void {
    if (page.role !== 'admin') return;
    this.request(page, (session) => this.scene.registry.paceRoster(session, hidden));
  }

  /** A peer connection of the page's own. */
  newConnection(page: ModelPage): string {
    this.#connections += 1;
    page.connection = `connection ${this.#connections}`;
    return page.connection;
  }

  /** Refusals are answers; anything else is a fault of the relay. */
  request(page: ModelPage, send: (session: Session) => unknown): void {
    if (!page.connected) return;
    const failed = (error: unknown): void => {
      if (!(error instanceof Error && error.name === 'RelayError')) this.#failures.push(error);
    };
    try {
      const answer = send(page.session);
      if (answer instanceof Promise) answer.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  advance(ms: number): void {
    // In the steps that a real clock has: what rings late is seen late.
    for (let left = ms; left > 0; left -= 500) {
      this.#tick(Math.min(500, left));
      for (const { dead, peer } of this.pages) if (dead) peer.silentForMs += 500;
    }
  }

  #attach(page: ModelPage): void {
    const peer = new FakePeer();
    page.peer = peer;
    const notify = peer.notify.bind(peer);
    peer.notify = (name, payload) => {
      notify(name, payload);
      if (page.peer !== peer || page.dead) return;
      if ('version' in payload && 'since' in payload) page.inbox.push(payload);
      if (name === 'stream:ended') this.#streamEnded(page);
    };
    page.session.attach(peer);
  }

  #streamEnded(page: ModelPage): void {
    page.live = false;
    page.paused = false;
    page.connection = null;
    page.shown.clear();
    page.inbox = [];
    page.unacknowledged = [];
  }

  /** Who is really heard by whom: consumers that are open, of microphones that are. */
  hearing(): Heard[] {
    const hearing: Heard[] = [];
    for (const { heard: source, answered, state } of this.scene.media.listening) {
      if (!source || source.closed || state === 'closed') continue;
      const from = this.scene.media.publishing.find((transport) => transport.source === source);
      const mouth = this.pages.find(({ connection }) => connection !== null && connection === from?.offered);
      const ear = this.pages.find(({ session }) => session.id === answered);
      if (!mouth) continue; // the page has let go of that connection: nothing comes over it
      assert.ok(ear, 'nobody’s ear');
      hearing.push({ ear, mouth });
    }
    return hearing;
  }

  /** Nobody is heard by somebody whom the page does not show, nor while it pauses, nor across teams. */
  #check(): void {
    const hearing = this.hearing();
    this.#options.judge?.(hearing);
    for (const { ear, mouth: page } of hearing) {
      this.heard += 1;
      assert.ok(!ear.session.ended, `${ear.id} hears with a session that has ended`);
      assert.ok(!page.session.ended, `${page.id} is heard with a session that has ended`);
      const [speaker, listener] = [page.session.user, ear.session.user];
      assert.ok(speaker.role === 'commercial' && listener.role === 'admin');
      assert.ok(listener.equipes.includes(speaker.equipe), `${ear.id} hears ${page.id} of another team`);
      assert.ok(
        page.shown.has(ear.id),
        `${ear.id} hears ${page.id}, whose page shows ${page.shown.ids.join() || 'nobody'}`,
      );
      assert.ok(!page.paused, `${ear.id} hears ${page.id} in a pause`);
    }
    for (const page of this.pages) {
      if (!page.live || !page.connected) continue;
      const stream = this.scene.registry.publishing.streamOf(page.id);
      assert.equal(
        stream?.session,
        page.session,
        `${page.id} is live, and the relay does not know: a pause would be refused`,
      );
    }
  }

  #checkViews(): void {
    const { registry } = this.scene;
    for (const page of this.pages) {
      if (page.role !== 'admin' || !page.connected || page.session.user.role !== 'admin') continue;
      const { equipes } = page.session.user;
      const rows = new Map<string, RosterEntry>();
      for (const { name, payload } of page.peer.heard) {
        if (name === 'roster:snapshot') rows.clear();
        const {
          commercials = [],
          changed = [],
          levels = [],
          removed = [],
        } = payload as Partial<PayloadOf<'roster:snapshot'> & PayloadOf<'roster:delta'>>;
        for (const id of removed) rows.delete(id);
        for (const row of [...commercials, ...changed]) rows.set(row.id, row);
        for (const { id, level } of levels) {
          const row = rows.get(id);
          assert.ok(row, `a level of ${id}, who is not in the roster of ${page.id}`);
          rows.set(id, { ...row, level });
        }
      }
      const truth = registry.detail((equipe) => equipes.includes(equipe));
      for (const { id, status, equipe, listeners } of truth) {
        const row = rows.get(id);
        assert.deepEqual(
          [row?.id, row?.status, row?.equipe, row?.listenerCount, row?.level],
          [id, status, equipe, listeners.length, registry.find(id)?.row()?.level],
          `the roster of ${page.id} is wrong`,
        );
        rows.delete(id);
      }
      for (const row of rows.values()) assert.equal(row.status, 'offline', `a ghost in the roster of ${page.id}`);
    }
    for (const [id, commercial] of COMMERCIALS.flatMap((name) => {
      const stream = registry.publishing.streamOf(name);
      return stream ? [[name, stream] as const] : [];
    })) {
      const page = this.pages.find(({ session }) => session === commercial.session);
      const listed = registry.detail(() => true).find((detail) => detail.id === id)?.listeners ?? [];
      if (page?.connected && page.live)
        assert.deepEqual(
          page.shown.ids.toSorted(),
          listed.map((listener) => listener.id).toSorted(),
          `the page of ${id} shows others than listen`,
        );
    }
  }
}

/** A user as their token says, of teams and an expiry that are chosen. */
export function verified(role: SessionUser['role'], id: string, choice: number) {
  const name = id.toUpperCase();
  const user: SessionUser =
    role === 'admin'
      ? { role, id, name, equipes: TEAMS[choice % TEAMS.length] ?? [] }
      : { role, id, name, equipe: choice % 4 === 1 ? 'Sud' : 'Nord' };
  const consent = choice % 3 === 1 ? { consent: 'v2' } : {};
  return { user, ...consent, expiresAt: Date.now() + (choice % 5 === 4 ? 20_000 : 3_600_000) };
}
