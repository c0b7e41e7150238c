/** A page that talks to a relay over a real socket, and holds what it hears against the protocol. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import {
  type NotificationName,
  notifications,
  type PayloadOf,
  type RequestName,
  type ResultOf,
  type RosterEntry,
  requests,
} from '../../protocol/messages.ts';

/** An acknowledgement, of any request. */
export type AnyAck<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** How a page's socket differs from the usual one. */
export type DialOptions = NonNullable<Parameters<typeof io>[1]>;

/** A refused handshake. */
export type Refusal = Error & { readonly data?: { readonly code: string; readonly message: string } };

/** A page with a real socket. */
export class LivePage {
  readonly socket: Socket;
  readonly heard: { readonly name: string; readonly payload: unknown }[] = [];
  disconnected = false;
  /** Whether the page shows who listens, and says so, as a page of the widgets does. */
  showsListeners = true;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.onAny((name: string, payload: unknown) => {
      this.heard.push({ name, payload });
      if (name === 'demand:changed' && this.showsListeners) this.#show(payload);
    });
    socket.on('disconnect', () => {
      this.disconnected = true;
    });
  }

  /** A page begins to connect, over a socket of its own that connects once. @param auth anything as its handshake */
  static dial(url: string, auth: object, options: DialOptions = {}): LivePage {
    return new LivePage(io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth, ...options }));
  }

  /** The error with which the handshake is refused, as it comes over the wire. */
  refusal(): Promise<Refusal> {
    return new Promise((resolve, reject) => {
      this.socket.once('connect_error', resolve);
      this.socket.once('connect', () => reject(new Error('the handshake was accepted')));
    });
  }

  /** What comes of the handshake: the name of what the relay says first, or the code with which it refuses. */
  async atDoor(): Promise<string | undefined> {
    let refused: Refusal | null = null;
    this.socket.once('connect_error', (error) => {
      refused = error;
    });
    await eventually(() => refused !== null || this.heard.length > 0, 'the relay said nothing');
    return refused === null ? this.heard[0]?.name : (refused as Refusal).data?.code;
  }

  #show(payload: unknown): void {
    const { version } = notifications['demand:changed'].parse(payload);
    this.socket.emit('demand:seen', { version }, () => {});
  }

  /** Sends anything; resolves with the acknowledgement. */
  async raw(name: string, ...args: unknown[]): Promise<AnyAck<unknown>> {
    return this.socket.timeout(5_000).emitWithAck(name, ...args);
  }

  /** A request that is granted; what it carries is held against the protocol. */
  async request<N extends RequestName>(name: N, params: unknown = {}): Promise<ResultOf<N>> {
    const ack: AnyAck<ResultOf<N>> = await this.socket.timeout(5_000).emitWithAck(name, params);
    assert.ok(ack.ok, `${name} was refused: ${ack.ok ? '' : `${ack.error.code} ${ack.error.message}`}`);
    assert.ok(requests[name].result.safeParse(ack.data).success, `${name} answered ${JSON.stringify(ack.data)}`);
    return ack.data;
  }

  /** A request that is refused. @returns the code */
  async refused(name: string, ...args: unknown[]): Promise<string> {
    const ack = await this.raw(name, ...args);
    assert.ok(!ack.ok, `${name} was granted`);
    assert.ok(ack.error.message.length > 10);
    return ack.error.code;
  }

  /** What was heard of this name, oldest first, each held against the protocol. */
  all<N extends NotificationName>(name: N): PayloadOf<N>[] {
    return this.heard
      .filter((message) => message.name === name)
      .map(({ payload }) => {
        const parsed = notifications[name].safeParse(payload);
        assert.ok(parsed.success, `${name} carried ${JSON.stringify(payload)}`);
        return parsed.data as PayloadOf<N>;
      });
  }

  /** Waits until a notification of this name has come that fits. */
  async until<N extends NotificationName>(
    name: N,
    fits: (payload: PayloadOf<N>) => boolean = () => true,
  ): Promise<PayloadOf<N>> {
    let found: PayloadOf<N> | undefined;
    await eventually(() => {
      found = this.all(name).find(fits);
      return found !== undefined;
    }, `${name} did not come`);
    assert.ok(found);
    return found;
  }

  /** Waits until the admin’s page has been told a row of this commercial that fits. */
  async untilRow(id: string, fits: (row: RosterEntry) => boolean): Promise<void> {
    const told = (): RosterEntry[] => [
      ...this.all('roster:snapshot').flatMap(({ commercials }) => commercials),
      ...this.all('roster:delta').flatMap(({ changed }) => changed),
    ];
    await eventually(() => told().some((row) => row.id === id && fits(row)), `no such row of ${id} came`);
  }

  /** Cuts the connection under the page's feet. */
  cut(): void {
    this.socket.io.engine.close();
  }
}

/** Waits for something that needs a little time, on a machine of any speed. */
export async function eventually(holds: () => boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + 10_000; !holds(); await wait(5)) assert.ok(Date.now() < deadline, what);
}
