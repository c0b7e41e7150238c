import type { Logger } from '../../logger.ts';
import type { AudioSource, NodePipes } from '../../media/media.ts';
import { NodePipeError } from '../../media/node-pipe-error.ts';
import { NOBODY, ToldAudience } from '../../streams/audience.ts';
import type { AdminUser, Commercial } from '../../streams/commercial.ts';
import { isShown } from '../../streams/heard-stream.ts';
import type { ClusterBus } from '../bus/cluster-bus.ts';
import type { BodyOf, GrantBody, NodeRef, ResultOf, VerdictBody, WishBody } from '../bus-protocol.ts';
import type { Membership } from '../membership.ts';
import type { LocalStreams } from './local-streams.ts';
import { RemoteListener } from './remote-listener.ts';

/** What the home side is made with. */
export interface HomeOptions {
  readonly bus: ClusterBus;
  readonly membership: Membership;
  readonly logger: Logger;
  readonly pipes: NodePipes;
  readonly streams: () => LocalStreams;
}

/** What a node was told that its listeners may hear of one commercial. */
interface Granted {
  readonly stream: string;
  readonly paused: boolean;
  readonly source: AudioSource | null;
  /** Numbers the times that audio began to be passed on. */
  readonly opening: number;
  readonly shown: ReadonlyMap<string, string>;
}

/** One life of another node, with listeners of commercials whose home is here. */
interface Guest {
  readonly node: NodeRef;
  /** Commercial id -> admin id -> the listener. */
  readonly listeners: Map<string, Map<string, RemoteListener>>;
  readonly granted: Map<string, Granted>;
  /** Commercial id -> the stream of which, and what, was said of who hears it. */
  readonly audiences: Map<string, { readonly stream: string; readonly told: ToldAudience }>;
}

/**
 * The home's side: listeners at other nodes become listeners of this node's commercials, and audio goes to a node only for those of them
 * whom the commercial's page has acknowledged. It is taken back before the node is told, as soon as the last of them is gone, the
 * stream is paused or over, or the node itself is not heard of any more.
 */
export class Home {
  readonly #options: HomeOptions;
  readonly #guests = new Map<string, Guest>();
  #openings = 0;

  constructor(options: HomeOptions) {
    this.#options = options;
    const { bus, pipes } = options;
    bus.on('wish', (from, body) => this.#wish(from, body));
    bus.on('wishes', (from, { all }) => this.#wishes(from, all));
    bus.on('pipe-release', (from, { link, sourceId }) => pipes.released(from.id, link, sourceId));
    bus.answer('pipe-open', (from, body) => this.#open(from, body));
  }

  /** Listeners of other nodes, for leak tests. */
  get size(): number {
    let size = 0;
    for (const { listeners } of this.#guests.values()) for (const admins of listeners.values()) size += admins.size;
    return size;
  }

  /** The commercial's stream, or who their page shows, may have changed. */
  look(commercial: Commercial): void {
    for (const guest of [...this.#guests.values()]) {
      this.#grant(guest, commercial);
      this.#tellAudience(guest, commercial);
    }
  }

  /** That life of the node is not heard of any more, or says that it goes: nothing goes there. */
  left({ id, epoch }: NodeRef): void {
    const guest = this.#guests.get(id);
    if (guest?.node.epoch !== epoch) return;
    this.#guests.delete(id);
    this.#options.pipes.takeBack(id, null);
    for (const admins of guest.listeners.values()) this.#removeAll(admins.values());
  }

  /** Everything anew: the node may have missed some. */
  tellAll(node: NodeRef): void {
    const guest = this.#guests.get(node.id);
    if (guest?.node.epoch !== node.epoch) return;
    for (const [commercialId, granted] of guest.granted) {
      this.#send(node, commercialId, granted, { reset: true, ...added(granted.shown), remove: [] });
    }
    for (const commercialId of [...guest.audiences.keys()]) {
      guest.audiences.delete(commercialId);
      const commercial = this.#options.streams().find(commercialId);
      if (commercial) this.#tellAudience(guest, commercial);
    }
  }

  #guest(node: NodeRef): Guest | null {
    if (!this.#options.membership.peer(node.id, node.epoch)) return null;
    const known = this.#guests.get(node.id);
    if (known?.node.epoch === node.epoch) return known;
    if (known) this.left(known.node);
    const guest: Guest = { node, listeners: new Map(), granted: new Map(), audiences: new Map() };
    this.#guests.set(node.id, guest);
    return guest;
  }

  #wishes(from: NodeRef, all: readonly WishBody[]): void {
    const guest = this.#guest(from);
    if (!guest) return;
    const wished = new Map(all.map((wish) => [wish.commercialId, wish]));
    for (const [commercialId, admins] of [...guest.listeners]) {
      const kept = new Set(wished.get(commercialId)?.add.map(({ id }) => id));
      this.#wish(from, { commercialId, add: [], remove: [...admins.keys()].filter((id) => !kept.has(id)) });
    }
    for (const wish of all) this.#wish(from, wish);
  }

  #wish(from: NodeRef, { commercialId, add, remove }: WishBody): void {
    const guest = this.#guest(from);
    // One whom this node has just forgotten: their gone is on its way.
    const commercial = this.#options.streams().find(commercialId);
    if (!guest || !commercial) return;
    const admins = guest.listeners.get(commercialId) ?? new Map<string, RemoteListener>();
    for (const { id, name, equipes, purpose = null, cannotOpen = null } of add) {
      const admin: AdminUser = { role: 'admin', id, name, equipes };
      const known = admins.get(id);
      if (known?.commercial === commercial) {
        known.admin = admin;
        known.purpose = purpose;
        known.cannotOpen = cannotOpen;
        // One that was refused, and is wished again, is judged again.
        commercial.listeners.set(known.key, known);
        continue;
      }
      const listener = new RemoteListener(guest.node, commercial, admin, purpose, (...what) => this.#tell(...what));
      listener.cannotOpen = cannotOpen;
      admins.set(id, listener);
      commercial.listeners.set(listener.key, listener);
    }
    for (const id of remove) {
      const listener = admins.get(id);
      admins.delete(id);
      if (listener) takeOff(listener);
    }
    if (admins.size > 0) guest.listeners.set(commercialId, admins);
    else guest.listeners.delete(commercialId);
    this.#options.streams().touch(commercial);
  }

  #tell({ node, commercial, admin }: RemoteListener, what: Partial<VerdictBody>): void {
    const { bus } = this.#options;
    const nothing = { refused: null, warning: null, time: null };
    bus.send(node, 'verdict', { ...nothing, ...what, commercialId: commercial.id, adminId: admin.id });
  }

  #removeAll(listeners: Iterable<RemoteListener>): void {
    const touched = new Set<Commercial>();
    for (const listener of listeners) {
      takeOff(listener);
      touched.add(listener.commercial);
    }
    for (const commercial of touched) this.#options.streams().touch(commercial);
  }

  #grant(guest: Guest, commercial: Commercial): void {
    const { id, stream } = commercial;
    const before = guest.granted.get(id);
    const admins = guest.listeners.get(id);
    if (!before && !(stream && admins)) return;
    const shown = new Map<string, string>();
    for (const listener of admins?.values() ?? []) {
      // One whom the policy refused is the commercial's listener no more, until wished again.
      const isThere = commercial.listeners.get(listener.key) === listener;
      if (isThere && listener.permitted && stream && isShown(stream, listener)) {
        shown.set(listener.admin.id, listener.purpose ?? '');
      }
    }
    const source = shown.size > 0 ? (stream?.audible ?? null) : null;
    // Media first: who is told nothing, or late, hears nothing.
    const goesOn = before?.source != null && before.source === source && !takesAway(before, shown, admins);
    if (before?.source && !goesOn) this.#options.pipes.takeBack(guest.node.id, before.source);
    if (!stream || (shown.size === 0 && !before)) {
      guest.granted.delete(id);
      return;
    }
    if (source && !goesOn) this.#openings += 1;
    const opening = goesOn ? before.opening : this.#openings;
    const granted: Granted = { stream: stream.id, paused: stream.paused, source, opening, shown };
    const isSame = before?.stream === stream.id;
    const add = new Map([...shown].filter(([admin, purpose]) => !isSame || before.shown.get(admin) !== purpose));
    const remove = isSame ? [...before.shown.keys()].filter((admin) => !shown.has(admin)) : [];
    if (shown.size > 0) guest.granted.set(id, granted);
    else guest.granted.delete(id);
    const isUnchanged =
      isSame && before.source === source && before.opening === opening && before.paused === stream.paused;
    if (isUnchanged && add.size + remove.length === 0) return;
    this.#send(guest.node, id, granted, { reset: !isSame, ...added(add), remove });
  }

  /** Names go to nodes alone whose admins listen, and may. */
  #tellAudience(guest: Guest, commercial: Commercial): void {
    const { id, stream } = commercial;
    const listens = [...(guest.listeners.get(id)?.values() ?? [])].some(({ permitted }) => permitted);
    if (!stream || !listens) {
      guest.audiences.delete(id);
      return;
    }
    const before = guest.audiences.get(id);
    const of = before?.stream === stream.id ? before : { stream: stream.id, told: new ToldAudience() };
    guest.audiences.set(id, of);
    const change = of.told.change(commercial.newest === stream ? commercial.audience() : NOBODY);
    if (change) this.#options.bus.send(guest.node, 'audience', { commercialId: id, stream: stream.id, ...change });
  }

  #send(
    node: NodeRef,
    commercialId: string,
    { stream, paused, source, opening }: Granted,
    changes: Pick<GrantBody, 'reset' | 'add' | 'purposes' | 'remove'>,
  ): void {
    const { bus, pipes } = this.#options;
    const from = source && { id: source.id, router: pipes.routerOf(source), opening };
    bus.send(node, 'grant', { commercialId, stream, paused, source: from, ...changes });
  }

  /** The other node says where to; whether, is decided here, now and again once the pipe is there. */
  async #open(from: NodeRef, body: BodyOf<'pipe-open'>): Promise<ResultOf<'pipe-open'>> {
    const { pipes } = this.#options;
    const { stream, link, sourceId, end } = body;
    const source = this.#grantedSource(from, stream, sourceId);
    if (!source) throw new NodePipeError('not_found', 'Nobody of this node is shown as listening to this stream.');
    const answer = await pipes.give(from.id, source, { link, sourceId, end });
    if (this.#grantedSource(from, stream, sourceId) !== source) {
      pipes.released(from.id, link, sourceId);
      throw new NodePipeError('not_found', 'It was taken back meanwhile.');
    }
    return answer as ResultOf<'pipe-open'>;
  }

  #grantedSource(from: NodeRef, stream: string, sourceId: string): AudioSource | null {
    const guest = this.#guests.get(from.id);
    if (guest?.node.epoch !== from.epoch) return null;
    for (const granted of guest.granted.values()) {
      if (granted.stream === stream && granted.source?.id === sourceId) return granted.source;
    }
    return null;
  }
}

/** Who may hear from now on, for a grant. */
function added(shown: ReadonlyMap<string, string>): Pick<GrantBody, 'add' | 'purposes'> {
  const purposes = [...shown].filter(([, purpose]) => purpose !== '');
  return { add: [...shown.keys()], ...(purposes.length > 0 && { purposes }) };
}

/**
 * Whether somebody who wants to go on hearing may not any more. Who has gone by themselves hears nothing there already; these do until
 * their node has been told, and what it gets for others it might pass on to them meanwhile.
 */
function takesAway(
  before: Granted,
  shown: ReadonlyMap<string, string>,
  wishing: ReadonlyMap<string, RemoteListener> | undefined,
): boolean {
  return [...before.shown].some(([admin, purpose]) => {
    const listener = wishing?.get(admin);
    return listener !== undefined && (listener.purpose ?? '') === purpose && shown.get(admin) !== purpose;
  });
}

/** Takes the listener off its commercial, unless another has its place. */
function takeOff(listener: RemoteListener): void {
  const { commercial, key } = listener;
  if (commercial.listeners.get(key) === listener) commercial.listeners.delete(key);
}
