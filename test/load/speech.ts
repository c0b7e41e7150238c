import type { Voice } from './media.ts';

const PACKET_MS = 20;
/** Speakers are spread over the time of a packet, as people are. */
const SLOTS = 4;
const SLOT_MS = PACKET_MS / SLOTS;
/** Turns that a late one makes up for: 100 ms. */
const CATCH_UP = 5 * SLOTS;

/** Makes those who are heard speak, all by one clock: 50 packets a second each. */
export class Speech {
  readonly #slots = Array.from({ length: SLOTS }, () => new Set<Voice>());
  readonly #timer: NodeJS.Timeout;
  #due = performance.now();
  #turns = 0;
  #joined = 0;
  /** Time that was left out because this process was too late, in milliseconds: every speaker was silent for so long. */
  skippedMs = 0;

  constructor() {
    this.#timer = setInterval(() => this.#turn(), SLOT_MS);
  }

  /** Begins to speak. Idempotent. */
  start(voice: Voice): void {
    if (this.#slots.some((slot) => slot.has(voice))) return;
    this.#slots[this.#joined % SLOTS]?.add(voice);
    this.#joined += 1;
  }

  /** Sends nothing from now on. Idempotent. */
  stop(voice: Voice): void {
    for (const slot of this.#slots) slot.delete(voice);
  }

  /** How many speak now. */
  get speaking(): number {
    return this.#slots.reduce((sum, slot) => sum + slot.size, 0);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #turn(): void {
    const now = performance.now();
    for (let made = 0; this.#due <= now && made < CATCH_UP; made += 1) {
      for (const voice of this.#slots[this.#turns % SLOTS] ?? []) voice.speak();
      this.#turns += 1;
      this.#due += SLOT_MS;
    }
    if (this.#due > now) return;
    this.skippedMs += now - this.#due;
    this.#due = now;
  }
}
