import { randomUUID } from 'node:crypto';
import type { AuditSink, HearingEnd, StreamEnd } from '../audit/audit-entries.ts';
import type { AudioSource, TransportLoss } from '../media/media.ts';
import type { HeardStream } from './heard-stream.ts';

/** What can be seen of one admin's selection. */
export interface HearingFacts {
  readonly adminId: string;
  readonly commercialId: string;
  /** The commercial's team; null while nobody of that id is known. */
  readonly equipe: string | null;
  /** Why, where the policy asks. */
  readonly purpose: string | null;
  readonly stream: HeardStream | null;
  /** What the admin's transport really carries. */
  readonly carried: AudioSource | null;
  /** The admin's page has a transport. */
  readonly hasTransport: boolean;
  /** The path to the admin's page is up. */
  readonly connected: boolean;
  /** The admin's page is there. */
  readonly counts: boolean;
  /** The commercial's page shows this admin. */
  readonly shown: boolean;
}

interface OpenHearing {
  readonly id: string;
  readonly stream: HeardStream;
  readonly equipe: string;
  mode: 'heard' | 'paused' | 'silent';
  connected: boolean;
  since: number;
  heardMs: number;
  connectedMs: number;
  pausedMs: number;
}

const OF_STREAM: Readonly<Record<StreamEnd, HearingEnd>> = {
  stopped: 'stream_stopped',
  replaced: 'stream_replaced',
  grace_expired: 'grace_expired',
  time_limit: 'time_limit',
  token_expired: 'stream_token_expired',
  page_gone: 'stream_page_gone',
  relay_stopping: 'relay_stopping',
  policy_hours: 'policy_hours',
  policy_time: 'policy_time',
  consent_required: 'consent_required',
  e2ee_required: 'e2ee_required',
  storage_unavailable: 'storage_unavailable',
  policy_devices: 'policy_devices',
};

/**
 * Writes into the audit trail when an admin begins and ceases to hear a commercial: from an open consumer of the stream's audio
 * on, and not from a wish. A pause is part of a hearing, its time is counted apart.
 */
export class HearingWatch {
  readonly #audit: AuditSink;
  readonly #facts: () => HearingFacts;
  #open: OpenHearing | null = null;
  #lost: TransportLoss | null = null;
  #settling = false;
  #ended = false;

  constructor(audit: AuditSink, facts: () => HearingFacts) {
    this.#audit = audit;
    this.#facts = facts;
  }

  /** Something may have changed. Times are taken now; what it means is read once everything has followed. */
  look(): void {
    if (this.#ended) return;
    const facts = this.#facts();
    const mode = this.#mode(facts);
    if (this.#open) {
      this.#advance(this.#open);
      this.#open.mode = mode ?? 'silent';
      this.#open.connected = facts.connected;
    }
    if ((this.#open === null) === (mode === null) || this.#settling) return;
    this.#settling = true;
    queueMicrotask(() => {
      this.#settling = false;
      this.#settle();
    });
  }

  /** The admin's transport is gone, for this reason. */
  lost(reason: TransportLoss): void {
    this.#lost = reason;
    this.look();
  }

  /** The selection is over. Idempotent. */
  end(cause: HearingEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#open) this.#close(this.#open, this.#open.stream.end ? OF_STREAM[this.#open.stream.end] : cause);
  }

  #settle(): void {
    if (this.#ended) return;
    const facts = this.#facts();
    const mode = this.#mode(facts);
    if (this.#open && mode === null) this.#close(this.#open, this.#cause(facts, this.#open.stream));
    else if (!this.#open && mode === 'heard' && facts.stream) this.#begin(facts, facts.stream);
    // What follows an end (another stream of the same commercial) is looked at anew.
    if (!this.#open && this.#mode(this.#facts()) === 'heard') this.look();
  }

  /** What is the case for the open hearing, or would be for a new one; null: nothing is heard. */
  #mode({ stream, carried, counts, shown, hasTransport }: HearingFacts): 'heard' | 'paused' | null {
    if (!stream || !counts || (this.#open && this.#open.stream !== stream)) return null;
    if (carried && !carried.closed && carried === stream.audible) return 'heard';
    if (!this.#open || !shown) return null;
    // After a pause the consumer is made anew; until it is there, the pause goes on.
    const resuming = this.#open.mode === 'paused' && stream.audible !== null && hasTransport;
    return stream.paused || resuming ? 'paused' : null;
  }

  #cause({ stream: newest, counts, shown, hasTransport }: HearingFacts, stream: HeardStream): HearingEnd {
    if (stream.end) return OF_STREAM[stream.end];
    if (newest && newest !== stream && newest.order > stream.order) return 'stream_replaced';
    if (!counts) return 'page_gone';
    if (this.#lost) return this.#lost;
    if (!hasTransport) return 'media_closed';
    if (!shown) return 'not_shown';
    if (stream.audible === null) return stream.interruption === 'relay' ? 'worker_died' : 'source_lost';
    return 'media_closed';
  }

  #begin(facts: HearingFacts, stream: HeardStream): void {
    const id = randomUUID();
    const zero = { heardMs: 0, connectedMs: 0, pausedMs: 0 };
    this.#lost = null;
    const { commercialId: commercial, adminId: admin, connected, purpose } = facts;
    const equipe = facts.equipe ?? '';
    this.#open = { id, stream, equipe, mode: 'heard', connected, since: performance.now(), ...zero };
    const why = purpose === null ? {} : { purpose };
    this.#audit.record({ event: 'hearing_began', hearing: id, stream: stream.id, commercial, equipe, admin, ...why });
  }

  #close(open: OpenHearing, cause: HearingEnd): void {
    this.#advance(open);
    this.#open = null;
    const { commercialId: commercial, adminId: admin } = this.#facts();
    const { id: hearing, stream, equipe, ...times } = open;
    const [heardMs, connectedMs, pausedMs] = [times.heardMs, times.connectedMs, times.pausedMs].map(Math.round);
    this.#audit.record({
      event: 'hearing_ended',
      hearing,
      stream: stream.id,
      commercial,
      equipe,
      admin,
      cause,
      heardMs: heardMs ?? 0,
      connectedMs: connectedMs ?? 0,
      pausedMs: pausedMs ?? 0,
    });
  }

  #advance(open: OpenHearing): void {
    const now = performance.now();
    const passed = now - open.since;
    open.since = now;
    if (open.mode === 'heard') open.heardMs += passed;
    if (open.mode === 'heard' && open.connected) open.connectedMs += passed;
    if (open.mode === 'paused') open.pausedMs += passed;
  }
}
