import { randomBytes } from 'node:crypto';
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

/** Something of a page that takes time; ended once, what comes after is ignored. */
export interface Stretch {
  /** It came about. */
  end(attributes?: Attributes): void;
  /** It did not. @param code why, a word of a closed list */
  fail(code: string, attributes?: Attributes): void;
}

/**
 * All that one page does, under one trace id (W3C Trace Context, 3.2.2.3): the page has it, each line of the log that is about the page,
 * and each span. The id is made here, so that it is there without any SDK, and no client can choose it. Whoever starts the relay
 * with an OpenTelemetry SDK gets the spans; without one they cost next to nothing and go nowhere.
 */
export class PageTrace {
  /** 32 hexadecimal digits. */
  readonly id = randomBytes(16).toString('hex');
  readonly #context: Context;

  constructor() {
    // The page itself, which sends no span: the parent of all of them.
    const page: SpanContext = {
      traceId: this.id,
      spanId: randomBytes(8).toString('hex'),
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    };
    this.#context = trace.setSpanContext(ROOT_CONTEXT, page);
  }

  /**
   * @param name of a closed list, as dashboards group by it @param attributes counts and words of closed lists: no names, no ids of people
   * @param startedAt of `performance.now()`; left out: now
   */
  start(name: 'handshake' | 'negotiation' | 'selection', attributes: Attributes, startedAt?: number): Stretch {
    const span = trace
      .getTracer('prospect-relay')
      .startSpan(name, { attributes, ...(startedAt !== undefined && { startTime: startedAt }) }, this.#context);
    return new SpanStretch(span);
  }
}

class SpanStretch implements Stretch {
  readonly #span: Span;
  #over = false;

  constructor(span: Span) {
    this.#span = span;
  }

  end(attributes: Attributes = {}): void {
    if (this.#over) return;
    this.#over = true;
    this.#span.setAttributes(attributes);
    this.#span.end();
  }

  fail(code: string, attributes: Attributes = {}): void {
    if (this.#over) return;
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: code });
    this.end({ ...attributes, 'error.type': code });
  }
}
