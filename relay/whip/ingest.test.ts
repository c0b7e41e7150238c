import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import { policyFile } from '../policy/policy-schema.ts';
import { policyOf } from '../policy/team-policy.ts';
import { deviceOffer } from '../sdp/testing/device-fixtures.ts';
import type { Claim } from '../streams/claim.ts';
import { Alone } from '../streams/elsewhere.ts';
import { commercial, limitsConfig, Scene, sessionConfig, settle } from '../streams/testing/scene.ts';
import { TimerSet } from '../streams/timers.ts';
import { WishBook } from '../wish/wish-book.ts';
import { Ingest } from './ingest.ts';
import { StoppedDevices } from './stopped-devices.ts';

/** The first claim is answered late. */
class LateFirst extends Alone {
  readonly first = Promise.withResolvers<void>();
  #claims = 0;

  override async claim(): Promise<Claim> {
    this.#claims += 1;
    const claim = super.claim();
    if (this.#claims === 1) await this.first.promise;
    return claim;
  }
}

it('of two devices of one person that come at a time the later stays, and the other is not told of a page', async () => {
  const elsewhere = new LateFirst();
  const rules = policyFile.parse({ version: 1, teams: { '*': { devicesMayBeHeard: true } } });
  const scene = new Scene({ elsewhere, policy: { exists: true, tag: 'one', of: (team) => policyOf(rules, team) } });
  const timers = new TimerSet();
  const ice = { stunUrls: [], turnUrls: [], turnSecret: null, turnCredentialTtlS: 60 };
  const book = new WishBook();
  const ingest = new Ingest(
    {
      config: { ice, limits: limitsConfig, session: sessionConfig },
      logger: pino({ level: 'silent' }),
      timers,
      book,
      streams: () => scene.registry,
      draining: () => false,
      place: null,
    },
    new StoppedDevices(),
    () => undefined,
  );
  const open = () =>
    ingest.open({ user: commercial('cam'), expiresAt: Date.now() + 3_600_000 }, deviceOffer('obs-31-offer'), 'a token');
  const older = assert.rejects(open(), { code: 'not_connected' });
  await settle();
  assert.equal((await open()).status, 201);
  elsewhere.first.resolve();
  await older;
  assert.equal(book.size, 1);
  timers.clear();
  scene.registry.close();
});
