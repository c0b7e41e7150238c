/** How often somebody may begin a packet. Speakers are spread over the time of a packet, as people are. */
const TURN_MS = 5;
/** Turns that a late one makes up for: 100 ms. */
const CATCH_UP = 20;

/** Somebody who can be made to speak. */
export interface Speaker {
  /** How much sound one packet holds, in milliseconds. */
  readonly packetMs: number;
  /** Sends one packet. */
  speak(): void;
}

/** Makes those who are heard speak without a pause, all by one clock, each with packets of its length. */
export class Speech {
  /** Packet time -> of each turn within it, who begins a packet then. */
  readonly #slots = new Map<number, readonly Set<Speaker>[]>();
  readonly #timer: NodeJS.Timeout;
  #due = performance.now();
  #turns = 0;
  #joined = 0;
  /** Time that was left out because this process was too late, in milliseconds: every speaker was silent for so long. */
  skippedMs = 0;

  constructor() {
    this.#timer = setInterval(() => this.#turn(), TURN_MS);
  }

  /** Begins to speak. Idempotent. */
  start(voice: Speaker): void {
    const slots = this.#of(voice.packetMs);
    if (slots.some((slot) => slot.has(voice))) return;
    slots[this.#joined % slots.length]?.add(voice);
    this.#joined += 1;
  }

  /** Sends nothing from now on. Idempotent. */
  stop(voice: Speaker): void {
    for (const slot of this.#of(voice.packetMs)) slot.delete(voice);
  }

  /** How many speak now. */
  get speaking(): number {
    return [...this.#slots.values()].flat().reduce((sum, slot) => sum + slot.size, 0);
  }

  /** The packet times with which somebody speaks now, in milliseconds. */
  get packetTimes(): readonly number[] {
    return [...this.#slots].filter(([, slots]) => slots.some((slot) => slot.size > 0)).map(([packetMs]) => packetMs);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #of(packetMs: number): readonly Set<Speaker>[] {
    const known = this.#slots.get(packetMs);
    if (known) return known;
    const slots = Array.from({ length: packetMs / TURN_MS }, () => new Set<Speaker>());
    this.#slots.set(packetMs, slots);
    return slots;
  }

  #turn(): void {
    const now = performance.now();
    for (let made = 0; this.#due <= now && made < CATCH_UP; made += 1) {
      for (const slots of this.#slots.values()) {
        for (const voice of slots[this.#turns % slots.length] ?? []) voice.speak();
      }
      this.#turns += 1;
      this.#due += TURN_MS;
    }
    if (this.#due > now) return;
    this.skippedMs += now - this.#due;
    this.#due = now;
  }
}
