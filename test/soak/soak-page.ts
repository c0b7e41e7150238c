import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import { io } from 'socket.io-client';
import type { SessionUser } from '../../relay/protocol/messages.ts';
import { type AnyAck, LivePage } from '../../relay/signalling/testing/live-page.ts';
import { realToken } from '../harness/relay/real-relay.ts';

/** How a page leaves. `goodbye`: as when it is closed. `cut`: its connection ends. `reset`: its device is gone without a word. */
export type Leaving = 'goodbye' | 'cut' | 'reset';

/** Keeps the TCP connections of one page, so that they can be cut under it. */
class KeptConnections extends Agent {
  readonly kept = new Set<Duplex>();

  override createConnection(...args: Parameters<Agent['createConnection']>): ReturnType<Agent['createConnection']> {
    const socket = super.createConnection(...args);
    if (socket) this.kept.add(socket);
    return socket;
  }
}

/** A page of the soak: asks for things, and does not wait to hear when it is told so. */
export class SoakPage {
  readonly #page: LivePage;
  readonly #agent: KeptConnections;
  readonly #failures: string[];

  /** @param failures answers that must never come are added here, in words */
  constructor(url: string, user: SessionUser, failures: string[], sessionId?: string) {
    this.#agent = new KeptConnections();
    this.#failures = failures;
    const socket = io(url, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { token: realToken(user), ...(sessionId !== undefined && { sessionId }) },
      // Its type names a browser's agent; in Node it is http.Agent.
      agent: this.#agent as never,
    });
    this.#page = new LivePage(socket);
  }

  /** Waits until it is let in. @returns its session's id */
  async ready(): Promise<string> {
    return (await this.#page.until('session:ready')).sessionId;
  }

  /** Sends a request and waits. A refusal is part of the game; `internal` is not. @returns the data, or null */
  async ask(name: string, params: object = {}): Promise<unknown> {
    let ack: AnyAck<unknown>;
    if (!this.#page.socket.connected) return null;
    try {
      ack = await this.#page.socket.timeout(15_000).emitWithAck(name, params);
    } catch {
      if (this.#page.socket.connected) this.#failures.push(`${name} got no answer`);
      return null;
    }
    if (ack.ok) return ack.data;
    if (ack.error.code === 'internal') this.#failures.push(`${name}: ${ack.error.message}`);
    return null;
  }

  /** Sends a request and looks away. */
  send(name: string, params: object = {}): void {
    void this.ask(name, params);
  }

  /** Waits until it is told this, or is gone. */
  async told(name: Parameters<LivePage['until']>[0]): Promise<void> {
    await this.#page.until(name).catch(() => undefined);
  }

  leave(how: Leaving): void {
    if (how === 'reset') for (const socket of this.#agent.kept) socket.destroy();
    else if (how === 'cut') this.#page.socket.io.engine.close();
    // Also closes what a lost connection leaves open on this side.
    if (how !== 'reset') this.#page.socket.disconnect();
    this.#agent.destroy();
  }
}
