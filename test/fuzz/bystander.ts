import { setTimeout as wait } from 'node:timers/promises';
import type { HearingPair } from '../harness/relay/hearing-pair.ts';

/** What the pair noticed of it all. */
export interface PairReport {
  readonly packetsHeard: number;
  readonly packetsMissing: number;
  readonly longestGapMs: number;
  /** Connections lost, streams ended, interruptions, refused requests: in words. Must be empty. */
  readonly noticed: readonly string[];
}

/** What may come to a pair that nobody harms: others in its team come and go, and may listen too. */
const HARMLESS = ['session:ready', 'roster:snapshot', 'roster:delta', 'demand:changed', 'listen:others'];

/** Watches the pair that must notice nothing. */
export class Bystander {
  readonly #pair: HearingPair;
  readonly #noticed: string[] = [];
  #heard = 0;
  #missing = 0;
  #longestGapMs = 0;

  constructor(pair: HearingPair) {
    this.#pair = pair;
    for (const page of [pair.commercial, pair.admin]) page.heard.length = 0;
    pair.ear.take();
  }

  /** Asks the pair how it was since the last time. @param during what was going on */
  async check(during: string): Promise<void> {
    // What was sent just now is still under way.
    await wait(60);
    const { commercial, admin, ear } = this.#pair;
    const { packets, missing, longestGapMs } = ear.take();
    this.#heard += packets;
    this.#missing += missing;
    this.#longestGapMs = Math.max(this.#longestGapMs, longestGapMs);
    if (packets === 0) this.#noticed.push(`${during}: nothing was heard`);
    for (const [who, page] of [
      ['commercial', commercial],
      ['admin', admin],
    ] as const) {
      if (!page.socket.connected) this.#noticed.push(`${during}: the ${who} was disconnected`);
      for (const { name, payload } of page.heard) {
        if (!HARMLESS.includes(name))
          this.#noticed.push(`${during}: the ${who} was told ${name} ${JSON.stringify(payload)}`);
      }
      page.heard.length = 0;
    }
    await this.#ask(during);
  }

  report(): PairReport {
    return {
      packetsHeard: this.#heard,
      packetsMissing: this.#missing,
      longestGapMs: Math.round(this.#longestGapMs),
      noticed: this.#noticed,
    };
  }

  /** Both are still served, and nothing has changed for them. */
  async #ask(during: string): Promise<void> {
    const { commercial, admin } = this.#pair;
    try {
      await commercial.request('stream:voice', { level: 2 });
      const { status } = await admin.request('listen:select', { commercialId: 'cleo' });
      if (status !== 'live') this.#noticed.push(`${during}: the stream is ${status}`);
    } catch (error) {
      this.#noticed.push(`${during}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
