import type { Logger } from 'pino';
import type { z } from 'zod';
import { mayRequest } from '../auth/permissions.ts';
import { RequestPace } from '../doors/request-pace.ts';
import { RelayError } from '../errors.ts';
import type { Measures } from '../measures/measures.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { type ParamsOf, type RequestName, type ResultOf, requests } from '../protocol/messages.ts';
import type { Session } from '../streams/session.ts';
import { internalFailure, readParams } from './request-failures.ts';

/** Answers one kind of request. */
export type Handler<N extends RequestName> = (
  session: Session,
  params: ParamsOf<N>,
) => Promise<ResultOf<N>> | ResultOf<N>;

/** A handler for every request of the protocol. */
export type Handlers = { readonly [N in RequestName]: Handler<N> };

/** The one request that may come without an acknowledgement: many a second, each soon past. */
const UNACKNOWLEDGED: RequestName = 'stream:voice';

/** Parses, permits, handles and acknowledges every request. Whatever a page sends ends in an acknowledgement, or in silence. */
export class Dispatcher {
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #logger: Logger;
  readonly #perSecond: number;
  readonly #measures: Measures;
  readonly #paces = new WeakMap<Session, RequestPace>();

  /** @param perSecond requests of one session in the long run, twice as many at once */
  constructor(handlers: Handlers, logger: Logger, perSecond: number, measures: Measures) {
    this.#measures = measures;
    this.#routes = routesOf(handlers);
    this.#logger = logger;
    this.#perSecond = perSecond;
  }

  /** Handles one incoming event, of any name and with any arguments. Never rejects. */
  async dispatch(session: Session, name: unknown, args: readonly unknown[]): Promise<void> {
    if (session.ended) return;
    const last = args.at(-1);
    const ack = typeof last === 'function' ? (answer: unknown): void => void last(answer) : null;
    try {
      const pacing = this.#paceOf(session).take();
      if (pacing === 'end') {
        this.#measures.rateLimited('flood');
        return endFlood(session);
      }
      if (pacing === 'refuse') {
        this.#measures.rateLimited('requests');
        throw new RelayError('rate_limited', 'Too many requests; slow down.');
      }
      // Without an acknowledgement nobody could be told how it went: such an event is no request.
      if (!ack && name !== UNACKNOWLEDGED) {
        this.#logger.debug({ session: session.label }, 'event without acknowledgement ignored');
        return;
      }
      const data = await this.#handle(session, name, ack ? args.slice(0, -1) : args);
      ack?.({ ok: true, data });
    } catch (error) {
      const refusal = this.#refusal(session, name, error);
      ack?.({ ok: false, error: refusal });
    }
  }

  async #handle(session: Session, name: unknown, args: readonly unknown[]): Promise<unknown> {
    const route = typeof name === 'string' ? this.#routes.get(name) : undefined;
    if (!route) throw new RelayError('unknown_request', `There is no request “${String(name).slice(0, 60)}”.`);
    if (!mayRequest(session.user, route.name)) {
      throw new RelayError('forbidden', `The role ${session.user.role} may not send ${route.name}.`);
    }
    if (args.length !== 1) {
      throw new RelayError(
        'bad_request',
        `${route.name} takes one object and an acknowledgement, not ${args.length} values.`,
      );
    }
    return route.run(session, args[0]);
  }

  #paceOf(session: Session): RequestPace {
    let pace = this.#paces.get(session);
    if (!pace) {
      pace = new RequestPace(this.#perSecond);
      this.#paces.set(session, pace);
    }
    return pace;
  }

  #refusal(session: Session, name: unknown, error: unknown): { code: ErrorCode; message: string } {
    this.#measures.refused('request', error instanceof RelayError ? error.code : 'internal');
    if (error instanceof RelayError) {
      this.#logger.debug(
        { session: session.label, trace: session.trace.id, request: String(name).slice(0, 60), code: error.code },
        'request refused',
      );
      return { code: error.code, message: error.message };
    }
    const facts = { session: session.label, trace: session.trace.id, request: name };
    return internalFailure(this.#logger, error, facts, 'request failed');
  }
}

/** Ends the session of a page that floods; the media goes with it. */
function endFlood(session: Session): void {
  const message = 'Too many requests, also after the relay asked to slow down.';
  session.end('refused', { code: 'rate_limited', message });
}

interface Route {
  readonly name: RequestName;
  run(session: Session, params: unknown): Promise<unknown>;
}

function route<N extends RequestName>(name: N, schema: z.ZodType<ParamsOf<N>>, handler: Handler<N>): Route {
  return {
    name,
    run: async (session, params) => handler(session, readParams(name, schema, params)),
  };
}

function routesOf(h: Handlers): ReadonlyMap<string, Route> {
  const routes: Record<RequestName, Route> = {
    'session:refresh': route('session:refresh', requests['session:refresh'].params, h['session:refresh']),
    'publish:offer': route('publish:offer', requests['publish:offer'].params, h['publish:offer']),
    'stream:start': route('stream:start', requests['stream:start'].params, h['stream:start']),
    'stream:stop': route('stream:stop', requests['stream:stop'].params, h['stream:stop']),
    'stream:stop-elsewhere': route(
      'stream:stop-elsewhere',
      requests['stream:stop-elsewhere'].params,
      h['stream:stop-elsewhere'],
    ),
    'stream:pause': route('stream:pause', requests['stream:pause'].params, h['stream:pause']),
    'consent:give': route('consent:give', requests['consent:give'].params, h['consent:give']),
    'stream:capture': route('stream:capture', requests['stream:capture'].params, h['stream:capture']),
    'stream:voice': route('stream:voice', requests['stream:voice'].params, h['stream:voice']),
    'demand:seen': route('demand:seen', requests['demand:seen'].params, h['demand:seen']),
    'help:ask': route('help:ask', requests['help:ask'].params, h['help:ask']),
    'roster:pace': route('roster:pace', requests['roster:pace'].params, h['roster:pace']),
    'listen:connect': route('listen:connect', requests['listen:connect'].params, h['listen:connect']),
    'listen:answer': route('listen:answer', requests['listen:answer'].params, h['listen:answer']),
    'listen:select': route('listen:select', requests['listen:select'].params, h['listen:select']),
    'listen:opening': route('listen:opening', requests['listen:opening'].params, h['listen:opening']),
    'listen:stop': route('listen:stop', requests['listen:stop'].params, h['listen:stop']),
    'listen:disconnect': route('listen:disconnect', requests['listen:disconnect'].params, h['listen:disconnect']),
    'whisper:allow': route('whisper:allow', requests['whisper:allow'].params, h['whisper:allow']),
    'whisper:connect': route('whisper:connect', requests['whisper:connect'].params, h['whisper:connect']),
    'whisper:answer': route('whisper:answer', requests['whisper:answer'].params, h['whisper:answer']),
    'whisper:shown': route('whisper:shown', requests['whisper:shown'].params, h['whisper:shown']),
    'whisper:offer': route('whisper:offer', requests['whisper:offer'].params, h['whisper:offer']),
    'whisper:begin': route('whisper:begin', requests['whisper:begin'].params, h['whisper:begin']),
    'whisper:cue': route('whisper:cue', requests['whisper:cue'].params, h['whisper:cue']),
    'whisper:seen': route('whisper:seen', requests['whisper:seen'].params, h['whisper:seen']),
    'whisper:stop': route('whisper:stop', requests['whisper:stop'].params, h['whisper:stop']),
    'whisper:disconnect': route('whisper:disconnect', requests['whisper:disconnect'].params, h['whisper:disconnect']),
  };
  return new Map(Object.entries(routes));
}
