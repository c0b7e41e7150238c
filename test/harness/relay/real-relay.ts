/** A whole relay in the test's own process: real HTTP, real tokens, real workers; and pages with real sockets. */

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import jwt from 'jsonwebtoken';
import type { AuditEntry, AuditSink } from '../../../relay/audit/audit-entries.ts';
import { auditLog } from '../../../relay/audit/log-sink.ts';
import type { RelayConfig } from '../../../relay/config/shape.ts';
import { type Environment, readConfig } from '../../../relay/config.ts';
import { createLogger } from '../../../relay/logger.ts';
import type { SessionUser } from '../../../relay/protocol/messages.ts';
import { type RelayReport, RelayServer } from '../../../relay/relay-server.ts';
import { type DialOptions, LivePage } from '../../../relay/signalling/testing/live-page.ts';

export const SECRET = 'the secret of these tests, 32 bytes or more';

/** Where everything is on loopback and on free ports. */
export const ENVIRONMENT: Environment = {
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  HTTP_PORT: '0',
  METRICS_PUBLIC: 'on',
  MEDIA_PORT: '0',
  MEDIA_WORKERS: '1',
  MEDIA_LISTEN_IPS: '127.0.0.1',
  JWT_SECRET: SECRET,
};

/** How a relay differs from the usual one. */
export interface RealRelayOptions {
  readonly env?: Environment;
  /** Last changes, for values that no variable allows. */
  readonly change?: (config: RelayConfig) => RelayConfig;
}

/** The claims of a user's token. */
export function claimsOf({ id, ...rest }: SessionUser): object {
  return { sub: id, ...rest };
}

/** A real token. @param validForS seconds from now; negative for an expired one */
export function realToken(user: SessionUser, validForS = 600): string {
  return jwt.sign({ ...claimsOf(user), exp: Math.floor(Date.now() / 1_000) + validForS }, SECRET);
}

/** Waits until something is so, on a machine of any speed. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await holds()); await wait(20)) {
    if (Date.now() > end) assert.fail(`waited in vain: ${what}`);
  }
}

/** A relay that runs in this process. */
export class RealRelay {
  readonly server: RelayServer;
  /** What it has logged at info and above, one JSON object each. */
  readonly log: string[];
  /** The audit trail, oldest first. */
  readonly trail: readonly AuditEntry[];
  readonly #pages = new Set<LivePage>();

  private constructor(server: RelayServer, log: string[], trail: readonly AuditEntry[]) {
    this.trail = trail;
    this.server = server;
    this.log = log;
  }

  static async start({ env = {}, change = (config) => config }: RealRelayOptions = {}): Promise<RealRelay> {
    const { config } = readConfig({ ...ENVIRONMENT, ...env });
    const log: string[] = [];
    const logger = createLogger(config.logLevel, { destination: { write: (line) => void log.push(line) } });
    const trail: AuditEntry[] = [];
    const lines = auditLog({ write: (line) => void log.push(line) });
    const audit: AuditSink = {
      record: (entry) => {
        trail.push(entry);
        lines.record(entry);
      },
    };
    return new RealRelay(await RelayServer.create(change(config), logger, { audit }), log, trail);
  }

  get port(): number {
    return this.server.addresses.http ?? 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Lines at error and above: failures that nobody foresaw. */
  get errors(): string[] {
    return this.log.filter((line) => /"level":"(?:error|fatal)"/.test(line));
  }

  async report(): Promise<RelayReport> {
    const report = await this.server.report();
    assert.ok(report);
    return report;
  }

  /** A page begins to connect, with anything as its handshake. */
  dial(auth: object, options: DialOptions = {}): LivePage {
    const page = LivePage.dial(this.url, auth, options);
    this.#pages.add(page);
    // Long runs have many thousands of pages.
    for (const event of ['disconnect', 'connect_error']) page.socket.once(event, () => this.#pages.delete(page));
    return page;
  }

  /** A page connects and is ready. */
  async join(user: SessionUser, resume?: string): Promise<LivePage> {
    const page = this.dial({ token: realToken(user), ...(resume !== undefined && { sessionId: resume }) });
    await page.until('session:ready');
    return page;
  }

  /** The code with which a handshake is refused. */
  async refusal(auth: object, options: DialOptions = {}): Promise<string> {
    const error = await this.dial(auth, options).refusal();
    return error.data?.code ?? error.message;
  }

  async close(): Promise<void> {
    for (const { socket } of this.#pages) socket.disconnect();
    await this.server.close();
  }
}
