import type { RequestName, ResultOf, SessionUser } from '../../relay/protocol/messages.ts';
import { RelayClient } from '../../widgets/relay-client/relay-client.ts';
import { toFault } from '../../widgets/shared/fault.ts';
import type { Page } from '../../widgets/shared/page.ts';
import { resolveRelayUrl } from '../../widgets/shared/relay-url.ts';
import { WIDGET_VERSION } from '../../widgets/shared/version.ts';
import type { TokenSource } from './tokens.ts';

/** Longer than a busy relay takes for anything. */
const ANSWER_WITHIN_MS = 20_000;

/** Somebody looks at it all the time. */
const SEEN: Page = { hidden: false, listen: () => () => {} };

/** What the widgets' own code is made with where it may tell a person who debugs. */
export const SILENT = (): void => {};

/** A refusal, or an answer that did not come. */
export class LoadError extends Error {
  /** A code of the protocol, or `no_answer`, `connection`, `media`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The signalling of one page that is no browser's: the widgets' own connection, which also takes it to another node of a cluster. */
export class LoadPage {
  readonly user: SessionUser;
  readonly link: RelayClient;
  /** True once the connection was lost without `close`, or refused. Going over to another node loses none. */
  lost = false;
  /** How often it has gone over to another node. */
  moves = 0;

  private constructor(user: SessionUser, link: RelayClient) {
    this.user = user;
    this.link = link;
  }

  /** Resolves with `session:ready`. @throws LoadError when the handshake is refused */
  static async open(url: URL, user: SessionUser, tokens: TokenSource): Promise<LoadPage> {
    const link = new RelayClient({
      resolveAddress: () => resolveRelayUrl(url.href),
      token: await tokens(user),
      version: WIDGET_VERSION,
      page: SEEN,
      log: SILENT,
    });
    try {
      await firstReady(link);
    } catch (error) {
      link.close();
      throw error;
    }
    const page = new LoadPage(user, link);
    link.on('status', (status) => {
      page.lost ||= status === 'offline' || status === 'refused';
    });
    link.on('moved', () => {
      page.moves += 1;
    });
    return page;
  }

  /** @throws LoadError when it is refused or not answered */
  async request<N extends RequestName>(name: N, params: object = {}): Promise<ResultOf<N>> {
    try {
      return await this.link.request(name, params as never, ANSWER_WITHIN_MS);
    } catch (error) {
      throw loadError(error, name);
    }
  }

  /** Idempotent. */
  close(): void {
    this.link.close();
  }
}

/** The first refusal is one, also of a kind that the widgets try again. */
function firstReady(link: RelayClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new LoadError('no_answer', 'no session:ready')), ANSWER_WITHIN_MS);
    const stop = link.on('status', (status) => {
      if (status !== 'online' && !link.fault) return;
      clearTimeout(timer);
      stop();
      if (link.fault) reject(new LoadError(link.fault.code, link.fault.message));
      else resolve();
    });
  });
}

/** What the widgets' code threw, by the codes of a load. */
export function loadError(error: unknown, what: string): LoadError {
  if (error instanceof LoadError) return error;
  const { code, message } = toFault(error);
  const known = { relay_unreachable: 'connection', request_timeout: 'no_answer', media_failed: 'media' };
  return new LoadError(known[code as keyof typeof known] ?? code, `${what}: ${message}`);
}
