import type { DebugLog } from '../shared/debug-log.ts';
import type { Emitter } from '../shared/emitter.ts';
import type { Page } from '../shared/page.ts';
import type { RelayAddress } from '../shared/relay-url.ts';
import type { LinkEvents } from './relay-link.ts';

/** What a connection to the relay is made with. */
export interface RelayClientOptions {
  /** Where the relay is; called for each attempt. @throws ProspectError relay_url_invalid */
  readonly resolveAddress: () => RelayAddress;
  readonly token: string | null;
  /** The widgets' version, told to the relay. */
  readonly version: string;
  readonly page: Page;
  /** Tells what is to be told; by default one of its own. */
  readonly events?: Emitter<LinkEvents>;
  /** Called with what names this page in the relay's log, at each connection. */
  readonly onTrace?: (traceId: string) => void;
  readonly log: DebugLog;
}
