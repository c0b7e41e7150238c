/** A signalling server on 127.0.0.1 with fake media and tokens, and pages that talk to it over real sockets. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { TestContext } from 'node:test';
import { type Logger, pino } from 'pino';
import type { PageVerifier, VerifiedUser, VerifiedVisitor } from '../../auth/user.ts';
import type { IceConfig, LimitsConfig, SessionConfig } from '../../config/shape.ts';
import { DoorCounts } from '../../doors/door-counts.ts';
import { RelayError } from '../../errors.ts';
import { Measures } from '../../measures/measures.ts';
import { expectedPerson, type SessionUser, sessionUser } from '../../protocol/messages.ts';
import type { Elsewhere } from '../../streams/elsewhere.ts';
import { FakeMedia } from '../../streams/testing/fake-media.ts';
import { limitsConfig, sessionConfig } from '../../streams/testing/scene.ts';
import { SignallingServer } from '../signalling-server.ts';
import type { Whereabouts } from '../whereabouts.ts';
import { type DialOptions, LivePage } from './live-page.ts';

/** The token of one who may open a loop-back and nothing else, as the fake verifier reads it. */
export function doctorToken(id: string): string {
  return JSON.stringify({ doctor: id, expiresAt: Date.now() + 3_600_000 });
}

/** The token of a user, as the fake verifier reads it. */
export function tokenOf(user: SessionUser, validForMs = 3_600_000): string {
  return JSON.stringify({ user, expiresAt: Date.now() + validForMs });
}

/** Believes every token of `tokenOf`. */
export class FakeVerifier implements PageVerifier {
  /** Verifications wait for this. */
  gate: Promise<void> = Promise.resolve();
  verifying = 0;

  async verifyVisitor(token: unknown): Promise<VerifiedVisitor> {
    const claims: unknown = typeof token === 'string' && token.startsWith('{') ? JSON.parse(token) : null;
    if (typeof claims === 'object' && claims !== null && 'doctor' in claims && 'expiresAt' in claims)
      return { role: 'doctor', id: String(claims.doctor), expiresAt: Number(claims.expiresAt) };
    const { user, expiresAt } = await this.verify(token);
    return { role: user.role, id: user.id, expiresAt };
  }

  async verify(token: unknown): Promise<VerifiedUser> {
    this.verifying += 1;
    await this.gate;
    if (token === undefined) throw new RelayError('token_missing', 'There is no token.');
    if (token === 'explode') throw new Error('a secret that no page may see');
    if (typeof token !== 'string' || !token.startsWith('{')) {
      throw new RelayError('token_malformed', 'That is no token.');
    }
    const claims: unknown = JSON.parse(token);
    if (typeof claims === 'object' && claims !== null && 'doctor' in claims)
      throw new RelayError('token_claims_invalid', 'For /doctor alone.');
    assert.ok(typeof claims === 'object' && claims !== null && 'user' in claims && 'expiresAt' in claims);
    const expected = 'expected' in claims && { expected: expectedPerson.array().parse(claims.expected) };
    return { user: sessionUser.parse(claims.user), expiresAt: Number(claims.expiresAt), ...expected };
  }
}

/** How a relay for a test differs from the usual one. */
export interface LiveRelayChanges {
  readonly session?: Partial<SessionConfig>;
  readonly limits?: Partial<LimitsConfig>;
  readonly ice?: IceConfig;
  readonly allowedOrigins?: readonly string[];
  readonly trustedProxies?: number;
  readonly logger?: Logger;
  readonly servers?: number;
  readonly whereabouts?: Whereabouts;
  readonly elsewhere?: Elsewhere;
}

/** A whole signalling server. */
export class LiveRelay {
  readonly media = new FakeMedia();
  readonly doors = new DoorCounts();
  readonly measures = new Measures();
  readonly verifier = new FakeVerifier();
  readonly signalling: SignallingServer;
  readonly ports: readonly number[];
  readonly #servers: readonly Server[];
  readonly #pages: LivePage[] = [];

  private constructor(servers: readonly Server[], ports: readonly number[], changes: LiveRelayChanges) {
    this.#servers = servers;
    this.ports = ports;
    this.signalling = SignallingServer.create({
      servers,
      config: {
        session: { ...sessionConfig, ...changes.session },
        limits: { ...limitsConfig, ...changes.limits },
        ice: changes.ice ?? { stunUrls: [], turnUrls: [], turnSecret: null, turnCredentialTtlS: 3_600 },
        http: {
          host: '127.0.0.1',
          httpPort: 0,
          https: null,
          hstsMaxAgeS: 0,
          allowedOrigins: changes.allowedOrigins ?? ['https://app.example.com'],
          trustedProxies: changes.trustedProxies ?? 0,
          widgetsDir: '',
          maxSockets: 1_000,
          socketsPerAddress: 1_000,
          metrics: { host: '127.0.0.1', port: null, public: false, token: null },
        },
      },
      verifier: this.verifier,
      media: this.media,
      logger: changes.logger ?? pino({ level: 'silent' }),
      relayVersion: '1.2.3',
      doors: this.doors,
      measures: this.measures,
      audit: { record: () => undefined },
      whereabouts: changes.whereabouts ?? null,
      ...(changes.elsewhere && { elsewhere: changes.elsewhere }),
    });
  }

  /** Ends with the test. */
  static async start(t: TestContext, changes: LiveRelayChanges = {}): Promise<LiveRelay> {
    const relay = await LiveRelay.open(changes);
    t.after(() => relay.close());
    return relay;
  }

  /** For whoever ends it by `close`. */
  static async open(changes: LiveRelayChanges = {}): Promise<LiveRelay> {
    const servers = Array.from({ length: changes.servers ?? 1 }, () => createServer());
    const ports: number[] = [];
    for (const server of servers) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      assert.ok(typeof address === 'object' && address !== null);
      ports.push(address.port);
    }
    return new LiveRelay(servers, ports, changes);
  }

  /** A page begins to connect, with anything as its handshake. */
  dial(auth: object, options: DialOptions = {}, server = 0): LivePage {
    const page = LivePage.dial(`http://127.0.0.1:${this.ports[server]}`, auth, options);
    this.#pages.push(page);
    return page;
  }

  /** A page connects and is ready. */
  async join(user: SessionUser, resume?: string, server = 0): Promise<LivePage> {
    const page = this.dial({ token: tokenOf(user), ...(resume && { sessionId: resume }) }, {}, server);
    await page.until('session:ready');
    return page;
  }

  /** A commercial's page connects and goes live. */
  async live(user: SessionUser): Promise<LivePage> {
    const page = await this.join(user);
    await page.request('publish:offer', { mode: 'connect', sdp: 'an offer' });
    await page.request('stream:start');
    return page;
  }

  /** An admin's page connects, with a transport that is ready. */
  async listening(user: SessionUser): Promise<LivePage> {
    const page = await this.join(user);
    await page.request('listen:connect', { mode: 'connect' });
    await page.request('listen:answer', { sdp: 'an answer' });
    return page;
  }

  /** The code with which a handshake is refused. */
  async refusal(auth: object, options: DialOptions = {}): Promise<string> {
    const error = await this.dial(auth, options).refusal();
    assert.equal(error.data?.message, error.message);
    return error.data?.code ?? '';
  }

  async close(): Promise<void> {
    for (const { socket } of this.#pages) socket.disconnect();
    await this.signalling.close();
    await this.media.close();
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
