/** What was heard between two readings. */
export interface PacketCount {
  readonly received: number;
  /** Numbers that were skipped and did not come later. */
  readonly lost: number;
  /** The longest time between two packets, whatever source the second one is of, in milliseconds. */
  readonly longestGapMs: number;
}

const NONE: PacketCount = { received: 0, lost: 0, longestGapMs: 0 };

/** RTCP shares the port: its packet types stand where RTP has marker and payload type (RFC 5761, 4). */
export function isRtp(packet: Buffer): boolean {
  const type = (packet[1] ?? 0) & 0x7f;
  return packet.length >= 12 && (type < 64 || type > 95);
}

/** Counts RTP packets by their sequence numbers (RFC 3550, 5.1), without a look at the sound. */
export class PacketCounter {
  #ssrc: number | null = null;
  #last = 0;
  #lastAt = 0;
  #count: PacketCount = NONE;
  /** When the first packet of all came, by `performance.now()`; null before. */
  firstAt: number | null = null;

  /** @param now milliseconds, of a clock that never jumps */
  add(packet: Buffer, now: number): void {
    if (!isRtp(packet)) return;
    const sequence = packet.readUInt16BE(2);
    const ssrc = packet.readUInt32BE(8);
    this.firstAt ??= now;
    let { received, lost, longestGapMs } = this.#count;
    if (this.#ssrc !== null) longestGapMs = Math.max(longestGapMs, now - this.#lastAt);
    if (ssrc === this.#ssrc) {
      const ahead = (sequence - this.#last) & 0xffff;
      if (ahead === 0) return;
      // Behind by less than half the circle: late, and counted as lost before.
      if (ahead > 0x7fff) lost -= 1;
      else {
        lost += ahead - 1;
        this.#last = sequence;
      }
    } else {
      this.#ssrc = ssrc;
      this.#last = sequence;
    }
    received += 1;
    this.#lastAt = now;
    this.#count = { received, lost, longestGapMs };
  }

  /** What was counted since the last call; a silence that goes on counts as far as it has lasted. */
  take(now: number): PacketCount {
    const { received, lost, longestGapMs } = this.#count;
    const since = this.#ssrc === null ? 0 : now - this.#lastAt;
    this.#count = NONE;
    return { received, lost, longestGapMs: Math.max(longestGapMs, since) };
  }
}
