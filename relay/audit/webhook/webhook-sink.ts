import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { AuditEntry, AuditSink } from '../audit-entries.ts';
import { signDelivery } from './signature.ts';

/** Entries that wait; older ones give way to newer ones, and are counted. */
const MOST_WAITING = 10_000;
/** Entries of one delivery. */
const MOST_TOGETHER = 100;
/** What comes within this time goes together. */
const GATHER_MS = 500;
const ANSWER_WITHIN_MS = 10_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 300_000;
/** What the last delivery has when the relay stops. */
const LAST_WITHIN_MS = 1_500;

/** Where entries go, and how. */
export interface WebhookOptions {
  readonly url: string;
  /** Signs each delivery. */
  readonly secret: string;
  /** Names this relay to whoever receives from several. */
  readonly relay: string;
  readonly logger: Logger;
  /** Shorter times, for tests. */
  readonly times?: Partial<WebhookTimes>;
}

/** Milliseconds. */
export interface WebhookTimes {
  readonly gather: number;
  readonly answerWithin: number;
  readonly firstRetry: number;
  readonly lastRetry: number;
}

/** How the deliveries stand, for the metrics. */
export interface WebhookGauges {
  readonly delivered: number;
  readonly waiting: number;
  readonly lost: number;
}

interface Delivery {
  readonly id: string;
  readonly entries: readonly object[];
  readonly lost: number;
}

/**
 * Sends the audit trail's entries to the host's own server, signed, in their order, each until it was taken: at least once. Nothing
 * waits for it: what it cannot send fast enough waits in memory, and the oldest give way.
 */
export class WebhookSink implements AuditSink {
  readonly #options: WebhookOptions;
  readonly #times: WebhookTimes;
  readonly #waiting: object[] = [];
  #current: Delivery | null = null;
  #delivered = 0;
  #lost = 0;
  /** Of these, not told to the receiver yet. */
  #lostUntold = 0;
  #tries = 0;
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> | null = null;
  #closed = false;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#times = {
      gather: GATHER_MS,
      answerWithin: ANSWER_WITHIN_MS,
      firstRetry: FIRST_RETRY_MS,
      lastRetry: LAST_RETRY_MS,
      ...options.times,
    };
  }

  /** How the deliveries stand. */
  get gauges(): WebhookGauges {
    const waiting = this.#waiting.length + (this.#current?.entries.length ?? 0);
    return { delivered: this.#delivered, waiting, lost: this.#lost };
  }

  record(entry: AuditEntry): void {
    if (this.#closed) return;
    this.#waiting.push({ at: new Date().toISOString(), ...entry });
    if (this.#waiting.length > MOST_WAITING) {
      this.#waiting.shift();
      this.#lost += 1;
      this.#lostUntold += 1;
    }
    this.#wake(this.#times.gather);
  }

  /** Tries once more to deliver what waits, for a moment; what is left is lost and said. Never rejects. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const end = performance.now() + LAST_WITHIN_MS;
    await Promise.race([this.#sending, rest(end)]);
    while (this.gauges.waiting > 0 && performance.now() < end) {
      if (!(await this.#deliver(end - performance.now()))) break;
    }
    const { waiting } = this.gauges;
    if (waiting > 0)
      this.#options.logger.error({ entries: waiting }, 'webhook: entries were not delivered; the audit trail has them');
  }

  #wake(afterMs: number): void {
    if (this.#timer || this.#sending || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#sending = this.#tryOnce().finally(() => {
        this.#sending = null;
        if (this.gauges.waiting > 0) this.#wake(this.#tries === 0 ? 0 : this.#pause());
      });
    }, afterMs).unref();
  }

  async #tryOnce(): Promise<void> {
    await this.#deliver(this.#times.answerWithin);
  }

  /** Twice as long each time, with a share of chance, so that relays do not knock together. */
  #pause(): number {
    const pause = Math.min(this.#times.lastRetry, this.#times.firstRetry * 2 ** (this.#tries - 1));
    return pause * (0.75 + Math.random() / 2);
  }

  /** @returns whether what is to be sent next was taken */
  async #deliver(withinMs: number): Promise<boolean> {
    this.#current ??= this.#next();
    const { id, entries, lost } = this.#current;
    const body = JSON.stringify({ type: 'audit.entries', relay: this.#options.relay, lost, entries });
    const why = await this.#post(id, body, withinMs);
    if (why === null) {
      if (this.#tries > 1) this.#options.logger.info({ tries: this.#tries }, 'webhook: deliveries are taken again');
      this.#tries = 0;
      this.#delivered += entries.length;
      this.#lostUntold -= lost;
      this.#current = null;
      return true;
    }
    this.#tries += 1;
    // Of a receiver that is away for hours, one line each time that the pause grows.
    if (this.#tries <= 10)
      this.#options.logger.warn({ why, tries: this.#tries, waiting: this.gauges.waiting }, 'webhook: not delivered');
    return false;
  }

  #next(): Delivery {
    return { id: `msg_${randomUUID()}`, entries: this.#waiting.splice(0, MOST_TOGETHER), lost: this.#lostUntold };
  }

  /** @returns null when it was taken, else why not */
  async #post(id: string, body: string, withinMs: number): Promise<string | null> {
    const { url, secret } = this.#options;
    const signed = signDelivery(secret, id, Math.floor(Date.now() / 1000), body);
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'prospect-live', ...signed },
        body,
        // What was signed for one place goes to no other.
        redirect: 'manual',
        signal: AbortSignal.timeout(Math.ceil(withinMs)),
      });
      await answer.body?.cancel();
      return answer.ok ? null : `HTTP ${answer.status}`;
    } catch (error) {
      return reasonOf(error);
    }
  }
}

function rest(until: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, Math.max(0, until - performance.now())).unref());
}

/** What fetch says is "fetch failed"; the reason stands behind it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
