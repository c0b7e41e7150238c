import type { CannotOpen, ParamsOf, PayloadOf, RequestName, ResultOf } from '../../relay/protocol/messages.ts';
import type { NextSession, PrepareMove, RelayLink } from '../relay-client/relay-link.ts';
import { toFault } from '../shared/fault.ts';
import type { Sealing } from './sealing.ts';

type Ask = <N extends RequestName>(name: N, params: ParamsOf<N>) => Promise<ResultOf<N>>;

/**
 * The relay's link of a session whose streams may be sealed: puts what is told of a stream into the requests that begin and select one, at this node
 * and at the one that the page goes over to, and learns from the answers. Else it is the link itself.
 */
export function sealedLink(link: RelayLink, sealing: Sealing): RelayLink {
  /** Whom the page wants to hear by its newest request, and that one. */
  let wanted: string | null = null;
  let newest: ParamsOf<'listen:select'> | null = null;
  /** The request that the relay has agreed to last, and what is known of that stream: heard on when a newer one is refused. */
  let agreed: { readonly params: ParamsOf<'listen:select'>; known: Parameters<Sealing['expect']> } | null = null;
  /** What the relay was told last of what cannot be opened, and of whom. */
  let told: ParamsOf<'listen:opening'> | null = null;

  const start = async (ask: Ask, user: string, params: ParamsOf<'stream:start'>): Promise<ResultOf<'stream:start'>> => {
    const e2ee = await sealing.begin(user, params.again === true);
    return ask('stream:start', { ...params, ...(e2ee && { e2ee }) });
  };

  const select = async (ask: Ask, params: ParamsOf<'listen:select'>): Promise<ResultOf<'listen:select'>> => {
    const before = wanted;
    wanted = params.commercialId;
    newest = params;
    const opens = await sealing.opens();
    // Of the one before frames may come until the relay has agreed, but nothing that is not sealed.
    if (before !== wanted) sealing.expect(wanted, undefined, false);
    try {
      const result = await ask('listen:select', { ...params, ...(opens && { e2ee: true }) });
      const { commercialId } = params;
      agreed = { params, known: [commercialId, undefined, false] };
      learn({ commercialId, ...result });
      if (wanted === commercialId) tellOpening(true);
      return result;
    } catch (error) {
      if (toFault(error).code !== 'request_timeout' && wanted === params.commercialId) {
        newest = agreed?.params ?? null;
        wanted = newest?.commercialId ?? null;
        sealing.expect(...(agreed?.known ?? [null, undefined, false]));
      }
      throw error;
    }
  };

  const learn = ({ commercialId, status, e2ee }: Omit<PayloadOf<'listen:changed'>, 'liveForMs'>): void => {
    const known: Parameters<Sealing['expect']> = [commercialId, e2ee, status !== 'waiting'];
    if (agreed?.params.commercialId === commercialId) agreed.known = known;
    if (commercialId === wanted) sealing.expect(...known);
  };

  /** The commercial is to know who hears nothing. @param again the relay may have forgotten it */
  const tellOpening = (again: boolean): void => {
    if (wanted === null) return;
    const code = sealing.fault?.code;
    const cannotOpen: CannotOpen | null = code === 'e2ee_key_missing' || code === 'e2ee_cannot_decrypt' ? code : null;
    // Each selection begins as one that opens.
    const before = told?.commercialId === wanted ? told.cannotOpen : null;
    if (cannotOpen === before && !(again && before)) return;
    told = { commercialId: wanted, cannotOpen };
    link.request('listen:opening', told).catch(() => {});
  };

  const plain: Ask = (name, params) => link.request(name, params);

  const through =
    (session: () => { readonly user: { readonly id: string } } | null, ask: Ask): Ask =>
    <N extends RequestName>(name: N, params: ParamsOf<N>): Promise<ResultOf<N>> => {
      const asked: Promise<unknown> =
        name === 'stream:start'
          ? start(ask, session()?.user.id ?? '', params as ParamsOf<'stream:start'>)
          : name === 'listen:select'
            ? select(ask, params as ParamsOf<'listen:select'>)
            : ask(name, params);
      if (name === 'stream:stop') sealing.end();
      if (name === 'listen:stop') {
        wanted = newest = told = agreed = null;
        sealing.expect(null, undefined, false);
      }
      return asked as Promise<ResultOf<N>>;
    };

  link.on('listen:changed', learn);
  link.on('session:ready', () => tellOpening(true));
  link.on('moved', () => tellOpening(true));
  sealing.use({ changed: () => tellOpening(false), cover: () => {} });
  // What was selected before sealed streams could be opened is selected once more.
  sealing.onCover = () => {
    if (newest) select(plain, { ...newest, again: true }).catch(() => {});
  };
  let prepareMove: PrepareMove | undefined;
  const there = (next: NextSession): NextSession => ({
    session: next.session,
    request: (name, params, timeoutMs) => next.request(name, params, timeoutMs),
    commit: through(
      () => next.session,
      (name, params) => next.commit(name, params),
    ),
  });
  return {
    get status() {
      return link.status;
    },
    get session() {
      return link.session;
    },
    get fault() {
      return link.fault;
    },
    get prepareMove() {
      return prepareMove;
    },
    set prepareMove(prepare) {
      prepareMove = prepare;
      link.prepareMove = prepare && ((next) => prepare(there(next)));
    },
    on: (name, listener) => link.on(name, listener),
    request: (name, params, timeoutMs) =>
      through(
        () => link.session,
        (asked, given) => link.request(asked, given, timeoutMs),
      )(name, params),
    send: (name, params) => link.send(name, params),
    patienceMs: (usualMs) => link.patienceMs(usualMs),
    setToken(token) {
      sealing.setToken(token);
      link.setToken(token);
    },
    check: () => link.check(),
    close() {
      sealing.close();
      link.close();
    },
  };
}
