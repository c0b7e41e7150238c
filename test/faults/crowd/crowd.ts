import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PublishPeer } from '../../../widgets/relay-client/peer-connection.ts';
import { NOTHING_SAMPLED } from '../../../widgets/relay-client/peer-sample.ts';
import { RelayClient } from '../../../widgets/relay-client/relay-client.ts';
import { StreamingSession } from '../../../widgets/sessions/streaming-session.ts';
import type { Page } from '../../../widgets/shared/page.ts';
import { waitUntil } from '../../harness/wait.ts';

/** A real browser's offer. Nobody answers its candidates: what is tried here is everything but the packets of sound. */
const OFFER = readFileSync(new URL('../../../relay/sdp/fixtures/chromium-offer-no-track.sdp', import.meta.url), 'utf8');

/** How long somebody waits who was told that there is no room. */
const PRESSED_AGAIN_AFTER_MS = 2_000;

const page: Page = { hidden: false, listen: () => () => undefined };
const log = (): void => undefined;

/** A media connection that always stands, and sends nothing. */
function silentPeer(): PublishPeer<object> {
  let closed = false;
  return {
    get state() {
      return closed ? 'closed' : 'connected';
    },
    sample: async () => NOTHING_SAMPLED,
    offer: async () => OFFER,
    accept: async () => undefined,
    send: async () => undefined,
    close() {
      closed = true;
    },
  };
}

function commercial(origin: string, token: string): StreamingSession<object> {
  return new StreamingSession<object>({
    relay: new RelayClient({
      resolveAddress: () => ({ origin, path: '/socket.io' }),
      token,
      version: '0.0.0',
      page,
      log,
    }),
    openMicrophone: async () => ({ track: {}, working: true, close: () => undefined }),
    createLevelMeter: () => ({
      read: () => null,
      interrupted: false,
      measure: () => undefined,
      close: () => undefined,
    }),
    createPeer: silentPeer,
    shown: async () => {},
    permission: { granted: async () => true, onGranted: () => () => {} },
    choices: { read: () => null, write: () => {} },
    memory: { read: () => null, write: () => undefined },
    holdWakeLock: () => ({ release: () => undefined }),
    page,
    log,
  });
}

/**
 * Many commercials in one process: the widgets' own sessions and reconnect policy over real sockets, with a microphone and a
 * media connection that stand for the browser's.
 */
export class Crowd {
  readonly #sessions: readonly StreamingSession<object>[];

  constructor(origin: string, tokens: readonly string[]) {
    this.#sessions = tokens.map((token) => commercial(origin, token));
  }

  get size(): number {
    return this.#sessions.length;
  }

  /** How many are live as they themselves see it: started, the relay reachable, no fault. */
  get live(): number {
    return this.#sessions.filter((session) => {
      const { status, online, fault } = session.getState();
      return status === 'live' && online && fault === null;
    }).length;
  }

  /** How many are in each status, for a report. */
  get statuses(): string {
    const counts = new Map<string, number>();
    for (const session of this.#sessions) {
      const { status, online, fault } = session.getState();
      const name = [status, online ? '' : 'offline', fault?.code ?? ''].filter(Boolean).join(' ');
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
  }

  /** Everybody presses the button, once connected, and again when the relay has no room for a moment. @throws Error when not all are live in time */
  async goLive(timeoutMs: number): Promise<void> {
    await this.#until('ready', () => this.#sessions.every((each) => each.getState().status === 'ready'), timeoutMs);
    await Promise.all(this.#sessions.map((session) => session.start()));
    await this.#until(
      'live',
      async () => {
        const refused = this.#sessions.filter((session) => session.getState().fault?.code === 'capacity');
        if (refused.length > 0) await sleep(PRESSED_AGAIN_AFTER_MS);
        await Promise.all(refused.map((session) => session.start()));
        return this.live === this.size;
      },
      timeoutMs,
    );
  }

  /** Idempotent; ends every session and socket. */
  close(): void {
    for (const session of this.#sessions) session.close();
  }

  async #until(what: string, isSo: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
    try {
      await waitUntil(`everybody ${what}`, isSo, timeoutMs);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}: ${this.statuses}`, { cause: error });
    }
  }
}
