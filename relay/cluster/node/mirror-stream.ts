import type { StreamEnd } from '../../audit/audit-entries.ts';
import type { AudioSource, RemoteAudioSource } from '../../media/media.ts';
import type { Interruption, StreamStatus, VoiceLevel } from '../../protocol/messages.ts';
import type { StreamSeal } from '../../protocol/stream-seal.ts';
import type { HeardStream } from '../../streams/heard-stream.ts';
import type { GrantBody } from '../bus-protocol.ts';
import type { StreamRow } from '../bus-rows.ts';

const NOBODY: ReadonlyMap<string, string> = new Map();

/** Makes the source of a stream that lives at another node. */
export type MakeSource = (sourceId: string, router: string) => RemoteAudioSource | null;

/**
 * A stream whose page is connected to another node, its home. What it does comes with the home's rows; who of this node may hear it,
 * and from where, with the home's grants: so nobody is heard here before the home says that the commercial's page shows them.
 */
export class MirrorStream implements HeardStream {
  readonly id: string;
  readonly #makeSource: MakeSource;
  #row: StreamRow;
  #startedAt: number;
  #shown: ReadonlyMap<string, string> = NOBODY;
  #source: RemoteAudioSource | null = null;
  /** Of the source's last grant. */
  #opening = 0;
  /** The home says that audio may pass just now. */
  #open = false;
  /** The home is gone, or cannot be heard of. */
  #lost = false;
  #end: StreamEnd | null = null;

  constructor(row: StreamRow, makeSource: MakeSource) {
    this.id = row.id;
    this.#row = row;
    this.#makeSource = makeSource;
    this.#startedAt = performance.now() - row.liveForMs;
  }

  get order(): number {
    return this.#row.order;
  }

  get status(): StreamStatus {
    return this.#lost ? 'interrupted' : this.#row.status;
  }

  get interruption(): Interruption | null {
    return this.#lost ? 'relay' : this.#row.interruption;
  }

  get level(): VoiceLevel {
    return this.#lost ? 0 : this.#row.level;
  }

  get liveForMs(): number {
    return Math.max(0, Math.round(performance.now() - this.#startedAt));
  }

  get paused(): boolean {
    return this.#row.status === 'paused';
  }

  get end(): StreamEnd | null {
    return this.#end;
  }

  get seal(): StreamSeal | null {
    return this.#row.e2ee ?? null;
  }

  get attended(): boolean {
    return !this.#lost && this.#row.attended;
  }

  get device(): boolean {
    return this.#row.device === true;
  }

  get shown(): ReadonlyMap<string, string> {
    return this.#lost ? NOBODY : this.#shown;
  }

  get audible(): AudioSource | null {
    if (this.#lost || this.#end || !this.#open || this.paused) return null;
    return this.#source?.closed ? null : this.#source;
  }

  /** The home's newer row. */
  update(row: StreamRow): void {
    this.#row = row;
    this.#startedAt = performance.now() - row.liveForMs;
    this.#lost = false;
  }

  setLevel(level: VoiceLevel): void {
    this.#row = { ...this.#row, level };
  }

  /** Who of this node may hear it now, and from where. */
  grant({ paused, source, reset, add, purposes = [], remove }: Omit<GrantBody, 'commercialId' | 'stream'>): void {
    const shown = new Map(reset ? [] : this.#shown);
    for (const id of add) shown.set(id, '');
    for (const [id, purpose] of purposes) if (shown.has(id)) shown.set(id, purpose);
    for (const id of remove) shown.delete(id);
    this.#shown = shown;
    if (paused !== this.paused) this.#row = { ...this.#row, status: paused ? 'paused' : 'live', interruption: null };
    this.#open = source !== null;
    if (source === null) {
      this.#source?.takenBack();
      return;
    }
    const isSame = this.#opening === source.opening;
    this.#opening = source.opening;
    if (this.#source?.id === source.id && !this.#source.closed) {
      if (!isSame) this.#source.takenBack();
      return;
    }
    this.#source?.close();
    this.#source = this.#makeSource(source.id, source.router);
  }

  /** The home is gone without a word, or says nothing any more: nothing is heard until it says something. */
  lose(): void {
    this.#lost = true;
    this.#shown = NOBODY;
    this.#open = false;
    this.#source?.takenBack();
  }

  /** Idempotent. */
  close(why: StreamEnd): void {
    this.#end ??= why;
    this.#open = false;
    this.#source?.close();
  }
}
