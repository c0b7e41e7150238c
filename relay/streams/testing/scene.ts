/** A relay's state with fake media and pages, for tests. */
import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import type { AuditEntry } from '../../audit/audit-entries.ts';
import type { LimitsConfig, SessionConfig } from '../../config/shape.ts';
import { Measures } from '../../measures/measures.ts';
import type { Consents } from '../../policy/consents.ts';
import type { Usage } from '../../policy/usage.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import type { ListenerInfo, NotificationName, PayloadOf, SessionUser } from '../../protocol/messages.ts';
import type { Elsewhere } from '../elsewhere.ts';
import type { Peer } from '../peer.ts';
import type { PolicyRules } from '../policy-guard.ts';
import type { Session } from '../session.ts';
import type { Stream } from '../stream.ts';
import { StreamRegistry } from '../stream-registry.ts';
import { FakeMedia } from './fake-media.ts';

export const sessionConfig: SessionConfig = {
  graceMs: 30_000,
  demandLingerMs: 3_000,
  voiceWithoutListeners: [],
  maxStreamMs: 0,
  offlineKeepMs: 60_000,
  pingIntervalMs: 10_000,
  pingTimeoutMs: 10_000,
};

export const limitsConfig: LimitsConfig = {
  maxLoad: 0,
  maxMessageBytes: 65_536,
  messagesPerSecond: 50,
  connectionsPerUser: 5,
  connectionsPerAddress: 100,
  pendingHandshakes: 50,
  maxStreams: 100,
  maxListeners: 100,
};

export function commercial(id: string, equipe = 'Nord', name = id.toUpperCase()): SessionUser {
  return { role: 'commercial', id, name, equipe };
}

export function admin(id: string, equipes: string[] = ['Nord'], name = id.toUpperCase()): SessionUser {
  return { role: 'admin', id, name, equipes };
}

/** The list of listeners, by id, after this change of it. */
function listAfter(
  list: ReadonlyMap<string, ListenerInfo>,
  { since, joined, left }: PayloadOf<'demand:changed'>,
): Map<string, ListenerInfo> {
  const after = new Map(since === null ? [] : list);
  for (const id of left) assert.ok(after.delete(id), `${id} left a list without them`);
  for (const who of joined) after.set(who.id, who);
  return after;
}

/** What a page shows of who listens, as the widgets do: a change of a list that it does not hold is not shown. */
export class ShownList {
  #list: ReadonlyMap<string, ListenerInfo> = new Map();
  /** Of the list that is shown; null: none that the relay sent. */
  #version: number | null = null;

  get ids(): readonly string[] {
    return [...this.#list.keys()];
  }

  has(id: string): boolean {
    return this.#list.has(id);
  }

  /** Why this admin listens, as is shown; null: no purpose is. */
  purposeOf(id: string): string | null {
    return this.#list.get(id)?.purpose ?? null;
  }

  /** @returns whether it is shown */
  show(change: PayloadOf<'demand:changed'>): boolean {
    if (change.since !== null && change.since !== this.#version) return false;
    this.#list = listAfter(this.#list, change);
    this.#version = change.version;
    return true;
  }

  clear(): void {
    this.#list = new Map();
    this.#version = null;
  }
}

/** A page that writes down what it is told. */
export class FakePeer implements Peer {
  congested = false;
  silentForMs = 0;
  /** What the page does with a new list of listeners; by default it shows it, and says so at once. */
  onDemand: (version: number) => void = () => {};
  dropped = false;
  ended: { code: ErrorCode; message: string } | null = null;
  readonly heard: { name: NotificationName; payload: PayloadOf<NotificationName> }[] = [];
  readonly #byName: { [N in NotificationName]?: PayloadOf<N>[] } = {};

  notify<N extends NotificationName>(name: N, payload: PayloadOf<N>): void {
    this.heard.push({ name, payload });
    const list: PayloadOf<N>[] = this.#byName[name] ?? [];
    list.push(payload);
    Object.assign(this.#byName, { [name]: list });
    if ('version' in payload && 'since' in payload) this.onDemand(payload.version);
  }

  /** Who the newest `demand:changed` says listens: what all of them together come to. */
  get listeners(): ListenerInfo[] {
    let version: number | null = null;
    let list: ReadonlyMap<string, ListenerInfo> = new Map();
    for (const change of this.all('demand:changed')) {
      assert.ok(change.since === null || change.since === version, 'a change of a list that was not the last one sent');
      list = listAfter(list, change);
      version = change.version;
    }
    assert.ok(version !== null, 'no demand:changed was sent');
    return [...list.values()];
  }

  end(code: ErrorCode, message: string): void {
    this.ended = { code, message };
  }

  drop(): void {
    this.dropped = true;
  }

  /** Everything of this name, oldest first. */
  all<N extends NotificationName>(name: N): PayloadOf<N>[] {
    return this.#byName[name] ?? [];
  }

  /** The newest of this name. */
  last<N extends NotificationName>(name: N): PayloadOf<N> {
    const found = this.all(name).at(-1);
    assert.ok(found, `no ${name} was sent`);
    return found;
  }
}

/** A page and its session. */
export interface FakePage {
  readonly peer: FakePeer;
  readonly session: Session;
  readonly resumed: boolean;
}

/** Lets everything that is ready run; no timers. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await setImmediate();
}

/** One relay without sockets. */
export class Scene {
  readonly media = new FakeMedia();
  readonly measures = new Measures();
  /** The audit trail, oldest first. */
  readonly trail: AuditEntry[] = [];
  readonly registry: StreamRegistry;

  constructor(
    changes: {
      session?: Partial<SessionConfig>;
      limits?: Partial<LimitsConfig>;
      logger?: Logger;
      nodeId?: string;
      elsewhere?: Elsewhere;
      policy?: PolicyRules;
      usage?: Usage;
      consents?: Consents;
      wall?: () => number;
    } = {},
  ) {
    this.registry = new StreamRegistry({
      media: this.media,
      session: { ...sessionConfig, ...changes.session },
      limits: { ...limitsConfig, ...changes.limits },
      logger: changes.logger ?? pino({ level: 'silent' }),
      audit: { record: (entry) => void this.trail.push(entry) },
      ...(changes.elsewhere && { elsewhere: changes.elsewhere }),
      ...(changes.policy && { policy: changes.policy }),
      ...(changes.usage && { usage: changes.usage }),
      ...(changes.consents && { consents: changes.consents }),
      ...(changes.wall && { wall: changes.wall }),
      nodeId: changes.nodeId ?? null,
      measures: this.measures,
    });
  }

  /** A page connects, as a new session or to resume one. */
  join(user: SessionUser, resume?: Session, validForMs = 3_600_000): FakePage {
    const verified = { user, expiresAt: Date.now() + validForMs };
    const { session, resumed } = this.registry.registry.open(verified, resume?.id);
    const peer = new FakePeer();
    // As over a socket: the answer comes later, and not over a connection that is gone.
    peer.onDemand = (version) => {
      queueMicrotask(() => {
        if (session.peer === peer) this.registry.publishing.seen(session, version);
      });
    };
    session.attach(peer);
    return { peer, session, resumed };
  }

  /** A commercial's page connects and goes live. */
  async live(user: SessionUser): Promise<FakePage> {
    const page = this.join(user);
    await this.publish(page);
    return page;
  }

  /** Negotiates and starts. */
  async publish({ session }: FakePage): Promise<string> {
    await this.registry.publishing.offer(session, 'connect', 'an offer');
    const { streamId } = await this.registry.publishing.start(session);
    return streamId;
  }

  /** The stream of a commercial who is live. */
  streamOf(id: string): Stream {
    const stream = this.registry.publishing.streamOf(id);
    assert.ok(stream, `${id} is not live`);
    return stream;
  }

  /** An admin's page connects, with a transport that is ready. */
  async listening(user: SessionUser): Promise<FakePage> {
    const page = this.join(user);
    await this.registry.listening.connect(page.session, 'connect');
    await this.registry.listening.answer(page.session, 'an answer');
    return page;
  }
}
