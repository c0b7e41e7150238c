/** Who is heard by whom, and who is shown, wherever the two sides are: on one relay, or on two. Each place runs these in its own test. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { admin, commercial, type FakePage, type Scene } from './scene.ts';

/** Where the pages of a test are. */
export interface Sides {
  readonly commercials: Scene;
  readonly admins: Scene;
  /** Everything that is said has arrived, and what follows from it. */
  rest(): Promise<void>;
  /** Whether audio of the commercial’s page is passed on to the admin’s page just now. */
  hears(listener: FakePage, speaker: FakePage): boolean;
  close(): Promise<void>;
}

/** Of a claim that does not end during a test. */
const later = (): number => Date.now() + 3_600_000;

/** Declares the tests. @param start makes the places of one test */
export function testPrivacy(start: () => Promise<Sides>): void {
  const rule = (name: string, run: (sides: Sides) => Promise<void>): void => {
    it(name, async () => {
      const sides = await start();
      try {
        await run(sides);
      } finally {
        await sides.close();
      }
    });
  };
  /** Commercial and admins of one team, who all hear. */
  const heard = async (sides: Sides, ...names: readonly string[]) => {
    const cleo = await sides.commercials.live(commercial('cleo'));
    const listeners: FakePage[] = [];
    for (const name of names) listeners.push(await sides.admins.listening(admin(name)));
    await sides.rest();
    for (const { session } of listeners) sides.admins.registry.listening.select(session, 'cleo');
    await sides.rest();
    for (const listener of listeners) assert.ok(sides.hears(listener, cleo));
    return { cleo, listeners };
  };
  const shown = ({ peer }: FakePage): string[] => peer.listeners.map(({ id }) => id).sort();

  describe('a newcomer', () => {
    rule('hears nothing, and is told so, before the commercial’s page has acknowledged them', async (sides) => {
      const cleo = sides.commercials.join(commercial('cleo'));
      let version = 0;
      cleo.peer.onDemand = (announced) => {
        version = announced;
      };
      await sides.commercials.publish(cleo);
      const ada = await sides.admins.listening(admin('ada'));
      await sides.rest();
      assert.equal(sides.admins.registry.listening.select(ada.session, 'cleo').status, 'joining');
      await sides.rest();
      assert.deepEqual(shown(cleo), ['ada']);
      assert.equal(sides.hears(ada, cleo), false);
      assert.equal(ada.peer.all('listen:changed').length, 0);
      sides.commercials.registry.publishing.seen(cleo.session, version);
      await sides.rest();
      assert.equal(ada.peer.last('listen:changed').status, 'live');
      assert.ok(sides.hears(ada, cleo));
    });

    rule('hears nothing while the page cannot be told; those whom it shows go on', async (sides) => {
      const { cleo, listeners } = await heard(sides, 'ada');
      const [ada] = listeners;
      assert.ok(ada);
      const told = ada.peer.all('listen:changed').length;
      cleo.session.detach(cleo.peer);
      const ben = await sides.admins.listening(admin('ben'));
      await sides.rest();
      assert.equal(sides.admins.registry.listening.select(ben.session, 'cleo').status, 'interrupted');
      await sides.rest();
      assert.deepEqual([sides.hears(ada, cleo), sides.hears(ben, cleo)], [true, false]);
      assert.equal(ben.peer.all('listen:changed').length, 0);
      const back = sides.commercials.join(commercial('cleo'), cleo.session);
      await sides.rest();
      assert.deepEqual(shown(back), ['ada', 'ben']);
      assert.deepEqual([sides.hears(ada, cleo), sides.hears(ben, cleo)], [true, true]);
      assert.equal(ben.peer.last('listen:changed').status, 'live');
      assert.equal(ada.peer.all('listen:changed').length, told);
    });

    rule('is not let in by mistake where the page was shown them before and has lost them', async (sides) => {
      const { cleo, listeners } = await heard(sides, 'ada');
      const [ada] = listeners;
      assert.ok(ada);
      sides.admins.registry.listening.stop(ada.session);
      await sides.rest();
      cleo.session.detach(cleo.peer);
      await sides.rest();
      assert.equal(sides.admins.registry.listening.select(ada.session, 'cleo').status, 'interrupted');
      await sides.rest();
      assert.equal(sides.hears(ada, cleo), false);
      const back = sides.commercials.join(commercial('cleo'), cleo.session);
      await sides.rest();
      assert.deepEqual(shown(back), ['ada']);
      assert.ok(sides.hears(ada, cleo));
    });

    rule('who is another page of an admin whom the page shows hears also while that page is away', async (sides) => {
      const { cleo, listeners } = await heard(sides, 'ada');
      cleo.session.detach(cleo.peer);
      const tab = await sides.admins.listening(admin('ada'));
      await sides.rest();
      assert.equal(sides.admins.registry.listening.select(tab.session, 'cleo').status, 'live');
      await sides.rest();
      assert.ok(sides.hears(tab, cleo));
      assert.deepEqual(listeners[0]?.peer.last('listen:ended'), { commercialId: 'cleo', reason: 'replaced' });
    });
  });

  rule(
    'a pause is in force before its answer, and said also to an admin whom the page does not show',
    async (sides) => {
      const { cleo, listeners } = await heard(sides, 'ada');
      const [ada] = listeners;
      assert.ok(ada);
      const pausing = sides.commercials.registry.publishing.pause(cleo.session, true);
      assert.equal(sides.hears(ada, cleo), false);
      await pausing;
      cleo.session.detach(cleo.peer);
      const ben = await sides.admins.listening(admin('ben'));
      await sides.rest();
      assert.equal(sides.admins.registry.listening.select(ben.session, 'cleo').status, 'paused');
    },
  );

  rule(
    'an admin whose page comes back while the commercial’s is away hears only when it is still shown',
    async (sides) => {
      const { cleo, listeners } = await heard(sides, 'ada', 'ben');
      const [ada, ben] = listeners;
      assert.ok(ada && ben);
      const [adas, bens] = [sides.admins.media.listen(1), sides.admins.media.listen()];
      ada.session.detach(ada.peer);
      adas.become('disconnected'); // told: only Ben
      await sides.rest();
      assert.deepEqual(shown(cleo), ['ben']);
      cleo.session.detach(cleo.peer);
      await sides.rest();
      ben.session.detach(ben.peer);
      bens.become('disconnected'); // could not be told: Ben is still shown
      await sides.rest();
      const adaBack = sides.admins.join(admin('ada'), ada.session);
      const benBack = sides.admins.join(admin('ben'), ben.session);
      bens.become('connected');
      adas.become('connected');
      await sides.rest();
      assert.equal(adaBack.peer.last('listen:changed').status, 'interrupted');
      assert.equal(sides.hears(adaBack, cleo), false);
      assert.equal(benBack.peer.last('listen:changed').status, 'live');
      assert.ok(sides.hears(benBack, cleo));
    },
  );

  describe('other teams', () => {
    rule('a commercial of one is waited for like an id that nobody has, whatever they do', async (sides) => {
      const hugo = await sides.commercials.live(commercial('hugo', 'Sud'));
      const ada = await sides.admins.listening(admin('ada', ['Nord']));
      const sue = sides.admins.join(admin('sue', ['Sud']));
      await sides.rest();
      const { listening } = sides.admins.registry;
      assert.deepEqual(listening.select(ada.session, 'hugo'), { status: 'waiting', liveForMs: null });
      await sides.rest();
      assert.equal(sides.hears(ada, hugo), false);
      assert.deepEqual(shown(hugo), []);
      await sides.commercials.registry.publishing.pause(hugo.session, true);
      sides.commercials.registry.publishing.stop(hugo.session);
      hugo.session.end('refused');
      await sides.rest();
      const back = await sides.commercials.live(commercial('hugo', 'Sud'));
      await sides.rest();
      assert.deepEqual(shown(back), []);
      const counts = sue.peer.all('roster:delta').flatMap(({ changed }) => changed.map((row) => row.listenerCount));
      assert.ok(counts.every((count) => count === 0));
      assert.deepEqual(
        ada.peer.heard.filter(({ name }) => name !== 'roster:snapshot'),
        [],
      );
      back.session.refresh({ user: commercial('hugo', 'Nord'), expiresAt: later() });
      await sides.rest();
      assert.ok(sides.hears(ada, back), 'of the admin’s team by now');
    });

    rule('changed teams of either side cut the audio, and say so', async (sides) => {
      const { cleo, listeners } = await heard(sides, 'ada', 'ben', 'eve');
      const [ada, ben, eve] = listeners;
      assert.ok(ada && ben && eve);
      ben.session.refresh({ user: admin('ben', ['Nord', 'Sud']), expiresAt: later() });
      await sides.rest();
      cleo.session.refresh({ user: commercial('cleo', 'Sud'), expiresAt: later() });
      await sides.rest();
      for (const { peer } of [ada, eve]) {
        assert.deepEqual(peer.last('listen:ended'), { commercialId: 'cleo', reason: 'forbidden' });
      }
      assert.equal(ben.peer.all('listen:ended').length, 0);
      assert.deepEqual(
        [ada, ben, eve].map((page) => sides.hears(page, cleo)),
        [false, true, false],
      );
      assert.deepEqual(shown(cleo), ['ben']);
      ben.session.refresh({ user: admin('ben', ['Nord']), expiresAt: later() });
      assert.deepEqual(ben.peer.last('listen:ended'), { commercialId: 'cleo', reason: 'forbidden' });
      assert.equal(sides.hears(ben, cleo), false);
      await sides.rest();
      assert.deepEqual(shown(cleo), []);
    });

    rule('an admin whose teams change sees the new ones, and nothing of the old ones any more', async (sides) => {
      const cleo = await sides.commercials.live(commercial('cleo', 'Nord'));
      await sides.commercials.live(commercial('hugo', 'Sud'));
      const ada = sides.admins.join(admin('ada', ['Nord']));
      await sides.rest();
      ada.session.refresh({ user: admin('ada', ['Sud']), expiresAt: later() });
      await sides.rest();
      const before = ada.peer.heard.length;
      await sides.commercials.registry.publishing.pause(cleo.session, true);
      cleo.session.end('refused');
      await sides.rest();
      assert.ok(!JSON.stringify(ada.peer.heard.slice(before)).includes('cleo'));
      const rows = [
        ...ada.peer.last('roster:snapshot').commercials,
        ...ada.peer.all('roster:delta').flatMap(({ changed }) => changed),
      ];
      assert.ok(rows.some(({ id, status }) => id === 'hugo' && status === 'live'));
    });
  });

  rule('of two pages of one admin the newest hears, and the commercial sees one name', async (sides) => {
    const { cleo, listeners } = await heard(sides, 'ada', 'ben');
    const [ada, ben] = listeners;
    assert.ok(ada && ben);
    const tab = await sides.admins.listening(admin('ada'));
    sides.admins.registry.listening.select(tab.session, 'cleo');
    await sides.rest();
    assert.deepEqual(ada.peer.last('listen:ended'), { commercialId: 'cleo', reason: 'replaced' });
    assert.deepEqual(
      [ada, ben, tab].map((page) => sides.hears(page, cleo)),
      [false, true, true],
    );
    assert.deepEqual(shown(cleo), ['ada', 'ben']);
  });

  rule('an end is an end: of the stream, of the admin’s session, of the commercial’s', async (sides) => {
    const { cleo, listeners } = await heard(sides, 'ada', 'ben');
    const [ada, ben] = listeners;
    assert.ok(ada && ben);
    ada.session.end('token_expired');
    await sides.rest();
    assert.deepEqual(shown(cleo), ['ben']);
    sides.commercials.registry.publishing.stop(cleo.session);
    assert.equal(sides.hears(ben, cleo), false);
    await sides.rest();
    assert.equal(ben.peer.last('listen:changed').status, 'waiting');
    await sides.commercials.publish(cleo);
    await sides.rest();
    assert.ok(sides.hears(ben, cleo), 'the next stream of who is waited for is heard by itself');
    cleo.session.end('token_expired');
    assert.equal(sides.hears(ben, cleo), false);
    await sides.rest();
    assert.equal(ben.peer.last('listen:changed').status, 'waiting');
  });
}
