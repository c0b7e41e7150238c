import { Counter, Histogram, Registry } from 'prom-client';
import type { HearingEnd, HelpEnd, StreamEnd } from '../audit/audit-entries.ts';
import { ERROR_CODES, type ErrorCode } from '../protocol/error-codes.ts';
import * as words from './words.ts';

/** In seconds. What a person takes for "at once" ends near the fourth; what nobody waits for is beyond the last. */
const WAITING = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 15, 30];
/** In seconds. The network is given 2 s, the grace time is 30. */
const RECOVERING = [0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 12, 20, 30, 60, 120, 300];

const PREFIX = 'prospect_relay_';

/**
 * What people feel, as it happened at this relay: told by its parts when it has happened, never when it was asked for. All labels
 * are from closed lists (`words.ts`), and each of their combinations is there from the start, so that a rate of it has a beginning.
 */
export class Measures {
  readonly registry = new Registry();
  readonly #firstPacket = this.#histogram(
    'first_packet_seconds',
    'From when an admin could hear a live commercial (selected, stream live) until the first packet was sent to the admin’s page',
    { cause: words.HEARING_CAUSES },
    WAITING,
  );
  readonly #firstPacketMissed = this.#counter(
    'first_packet_missed_total',
    'Waits for a first packet that ended without one: the admin gave up, or the stream was interrupted',
    { cause: words.HEARING_CAUSES },
  );
  readonly #told = this.#histogram(
    'commercial_told_seconds',
    'From when an admin listens until the commercial’s page has said that it shows them',
    {},
    WAITING,
  );
  readonly #negotiation = this.#histogram(
    'negotiation_seconds',
    'From the making of a media connection until ICE and DTLS are up',
    { kind: words.MEDIA_KINDS },
    WAITING,
  );
  readonly #recovery = this.#histogram(
    'recovery_seconds',
    'From when the relay noticed a fault until it was over',
    { fault: words.FAULTS, kind: words.MEDIA_KINDS },
    RECOVERING,
  );
  readonly #refusals = this.#counter('refusals_total', 'Connections (`handshake`) and requests that were refused', {
    at: words.REFUSED_AT,
    code: Object.keys(ERROR_CODES) as ErrorCode[],
  });
  readonly #rateLimits = this.#counter('rate_limits_total', 'Times that a limit of rate or number refused somebody', {
    limit: words.RATE_LIMITS,
  });
  readonly #streamsEnded = this.#counter('streams_ended_total', 'Streams that ended, by reason', {
    reason: words.STREAM_ENDS,
  });
  readonly #hearingsEnded = this.#counter('hearings_ended_total', 'Hearings that ended, by reason', {
    reason: words.HEARING_ENDS,
  });
  readonly #helpEnded = this.#counter(
    'help_calls_ended_total',
    'Times that a commercial had asked for help, by how that ended',
    {
      reason: words.HELP_ENDS,
    },
  );
  readonly #mediaFailures = this.#counter('media_failures_total', 'Media connections whose ICE or DTLS failed', {
    kind: words.MEDIA_KINDS,
    what: words.MEDIA_FAILURES,
  });
  readonly #mediaPaths = this.#counter('media_paths_total', 'Media connections that came up, by their path', {
    kind: words.MEDIA_KINDS,
    path: words.MEDIA_PATHS,
  });
  readonly #workerDeaths = this.#counter('worker_deaths_total', 'Media workers that died', {});

  readonly #objections = this.#counter('objections_total', 'Pauses because a person at the door minded', {});

  /** A packet went to an admin's page who had waited for it so long. */
  firstPacket(cause: words.HearingCause, ms: number): void {
    this.#firstPacket.observe({ cause }, ms / 1000);
  }

  /** Such a wait ended without a packet. */
  firstPacketMissed(cause: words.HearingCause): void {
    this.#firstPacketMissed.inc({ cause });
  }

  /** A commercial's page has said, so long after an admin began to listen, that it shows them. */
  told(ms: number): void {
    this.#told.observe(ms / 1000);
  }

  /** A media connection came up so long after it was made, over this path. */
  negotiated(kind: words.MediaKind, path: words.MediaPath, ms: number): void {
    this.#negotiation.observe({ kind }, ms / 1000);
    this.#mediaPaths.inc({ kind, path });
  }

  mediaFailed(kind: words.MediaKind, what: words.MediaFailure): void {
    this.#mediaFailures.inc({ kind, what });
  }

  /** A fault is over, so long after it was noticed. */
  recovered(fault: words.Fault, kind: words.MediaKind, ms: number): void {
    this.#recovery.observe({ fault, kind }, ms / 1000);
  }

  /** A commercial paused because a person at the door minded. */
  objected(): void {
    this.#objections.inc();
  }

  refused(at: words.RefusedAt, code: ErrorCode): void {
    this.#refusals.inc({ at, code });
  }

  rateLimited(limit: words.RateLimit): void {
    this.#rateLimits.inc({ limit });
  }

  streamEnded(reason: StreamEnd): void {
    this.#streamsEnded.inc({ reason });
  }

  hearingEnded(reason: HearingEnd): void {
    this.#hearingsEnded.inc({ reason });
  }

  helpEnded(reason: HelpEnd): void {
    this.#helpEnded.inc({ reason });
  }

  workerDied(): void {
    this.#workerDeaths.inc();
  }

  #counter<L extends string>(name: string, help: string, labels: Record<L, readonly string[]>): Counter<L> {
    const labelNames = Object.keys(labels) as L[];
    const counter = new Counter<L>({ name: PREFIX + name, help, labelNames, registers: [this.registry] });
    for (const each of combinations(labels)) counter.inc(each, 0);
    return counter;
  }

  #histogram<L extends string>(
    name: string,
    help: string,
    labels: Record<L, readonly string[]>,
    buckets: number[],
  ): Histogram<L> {
    const labelNames = Object.keys(labels) as L[];
    const histogram = new Histogram<L>({ name: PREFIX + name, help, labelNames, buckets, registers: [this.registry] });
    for (const each of combinations(labels)) histogram.zero(each);
    return histogram;
  }
}

function combinations<L extends string>(labels: Record<L, readonly string[]>): Partial<Record<L, string>>[] {
  let all: Partial<Record<L, string>>[] = [{}];
  for (const name of Object.keys(labels) as L[]) {
    all = all.flatMap((some) => labels[name].map((value) => ({ ...some, [name]: value })));
  }
  return all;
}
