import assert from 'node:assert/strict';
import { ERROR_CODES } from '../../relay/protocol/error-codes.ts';
import { type RequestName, requests, type SessionUser } from '../../relay/protocol/messages.ts';
import type { AnyAck, LivePage } from '../../relay/signalling/testing/live-page.ts';
import { admin, commercial } from '../../relay/streams/testing/scene.ts';
import { HearingPair } from '../harness/relay/hearing-pair.ts';
import { type RealRelay, realToken } from '../harness/relay/real-relay.ts';
import type { Outcome } from './outcome.ts';

/** Requests per second and connection of the relay under test; a connection may begin with twice as many. */
export const MESSAGES_PER_SECOND = 100;
/** A page of an attacker is replaced after so many messages, so that only floods meet the rate limit. */
const MESSAGES_PER_PAGE = 150;
/** Attackers come under so many names. */
const NAMES = 40;

/** Judges an acknowledgement. @throws when it is one that the relay must never give */
export function judgeAck(name: string, ack: AnyAck<unknown>): Outcome {
  if (ack?.ok === true) {
    assert.ok(Object.hasOwn(requests, name), `“${name}” is no request and was granted`);
    const { result } = requests[name as RequestName];
    assert.ok(result.safeParse(ack.data).success, `${name} was answered with ${JSON.stringify(ack.data)}`);
    return 'granted';
  }
  assert.equal(ack?.ok, false, `${name} was acknowledged with ${JSON.stringify(ack)}`);
  judgeCode(ack.error.code, ack.error.message);
  return 'error';
}

/** @throws when this is not a stable code with a text, or the one that stands for an unforeseen failure */
export function judgeCode(code: unknown, message: unknown): void {
  assert.ok(typeof code === 'string' && Object.hasOwn(ERROR_CODES, code), `unknown error code ${String(code)}`);
  assert.notEqual(code, 'internal', `the relay failed: ${String(message)}`);
  assert.ok(typeof message === 'string' && message.length > 10 && message.length < 1_000, `text: ${String(message)}`);
}

/** A relay with a pair that must notice nothing, and attackers who may do what they like. */
export class Target {
  readonly relay: RealRelay;
  readonly pair: HearingPair;
  readonly #uncaught: unknown[] = [];
  readonly #onUncaught = (error: unknown): void => void this.#uncaught.push(error);
  #names = 0;
  /** Errors and failures that `assertUnharmed` has told of. */
  #known = 0;

  private constructor(relay: RealRelay, pair: HearingPair) {
    this.relay = relay;
    this.pair = pair;
    process.on('uncaughtException', this.#onUncaught);
    process.on('unhandledRejection', this.#onUncaught);
  }

  static async start(relay: RealRelay): Promise<Target> {
    const pair = await HearingPair.start(relay, commercial('cleo', 'Nord'), admin('ada', ['Nord']));
    return new Target(relay, pair);
  }

  /** Errors that nobody caught, and failures that the relay logged. */
  get harm(): readonly string[] {
    return [
      ...this.#uncaught.map((error) => (error instanceof Error ? (error.stack ?? '') : String(error))),
      ...this.relay.errors,
    ];
  }

  /** @throws with what was not foreseen in the relay since the last call, so that each failure is the one input's */
  assertUnharmed(): void {
    const known = this.harm.length;
    if (known === this.#known) return;
    this.#known = known;
    assert.fail(`the relay failed inside: ${this.harm.at(-1)}`);
  }

  /** An attacker with a good token: of the pair's own team, which is the worse. */
  newUser(role: SessionUser['role']): SessionUser {
    this.#names = (this.#names + 1) % NAMES;
    return role === 'admin' ? admin(`mallory-${this.#names}`, ['Nord']) : commercial(`mallet-${this.#names}`, 'Nord');
  }

  async close(): Promise<void> {
    process.off('uncaughtException', this.#onUncaught);
    process.off('unhandledRejection', this.#onUncaught);
    await this.pair.close();
    await this.relay.close();
  }
}

/** A page of an attacker, which is replaced when it was disconnected or has sent much. */
export class Attacker {
  readonly #target: Target;
  readonly #role: SessionUser['role'];
  #page: LivePage | null = null;
  #sent = 0;

  constructor(target: Target, role: SessionUser['role']) {
    this.#target = target;
    this.#role = role;
  }

  /** A page with room for so many messages. */
  async page(messages = 1): Promise<LivePage> {
    if (this.#page && (!this.#page.socket.connected || this.#sent + messages > MESSAGES_PER_PAGE)) this.close();
    this.#sent += messages;
    this.#page ??= await this.#join();
    return this.#page;
  }

  /** Sends a request. What happened to it, or to the connection. */
  async request(name: string, ...args: unknown[]): Promise<Outcome> {
    const page = await this.page();
    return settle(page, name, args);
  }

  /** Whether the connection still works, after something that gets no answer of its own. */
  async probe(): Promise<Outcome> {
    if (!this.#page?.socket.connected) return 'disconnect';
    const outcome = await this.request(this.#role === 'admin' ? 'listen:stop' : 'stream:stop', {});
    if (outcome === 'disconnect') return 'disconnect';
    assert.equal(outcome, 'granted', 'a good request after the bad one was refused');
    return 'silence';
  }

  close(): void {
    this.#page?.socket.disconnect();
    this.#page = null;
    this.#sent = 0;
  }

  async #join(): Promise<LivePage> {
    const page = this.#target.relay.dial({ token: realToken(this.#target.newUser(this.#role)) });
    await page.until('session:ready');
    return page;
  }
}

/** Sends a request and waits for what comes first: its acknowledgement, or the end of the connection. */
export async function settle(page: LivePage, name: string, args: readonly unknown[]): Promise<Outcome> {
  let ack: AnyAck<unknown>;
  // Socket.IO's client would keep it for a reconnection that never comes.
  if (!page.socket.connected) return 'disconnect';
  try {
    ack = await page.socket.timeout(10_000).emitWithAck(name, ...args);
  } catch (error) {
    assert.equal(page.socket.connected, false, `${name} got no acknowledgement (${String(error)})`);
    return 'disconnect';
  }
  return judgeAck(name, ack);
}
