import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import type { SealedBus } from './bus/sealed-bus.ts';
import { NODES_TOPIC, type NodeInfo } from './bus-protocol.ts';
import { Membership } from './membership.ts';
import { BusScene, info } from './testing/bus-scene.ts';
import { Clock } from './testing/clock.ts';

let scene: BusScene;
let clock: Clock;
beforeEach(() => {
  clock = new Clock();
  scene = new BusScene();
});
afterEach(async () => {
  await scene.close();
  clock.stop();
});

/** A node with its membership, and what its observer was told. */
class Member {
  readonly bus: SealedBus;
  readonly membership: Membership;
  readonly told: string[] = [];
  info: NodeInfo = info;

  constructor(id: string) {
    this.bus = scene.node(id);
    this.membership = new Membership({
      bus: this.bus,
      timers: scene.timers,
      logger: pino({ level: 'silent' }),
      info: () => this.info,
      now: clock.now,
    });
    this.membership.observe({
      joined: ({ id }) => this.told.push(`joined ${id}`),
      changed: ({ id, info }) => this.told.push(`changed ${id} ${info.streams}`),
      renewed: ({ id }) => this.told.push(`renewed ${id}`),
      left: ({ id }, why) => this.told.push(`left ${id} ${why}`),
      health: (healthy) => this.told.push(healthy ? 'healthy' : 'unhealthy'),
    });
    this.membership.start();
  }

  get peers(): string[] {
    return this.membership.peers().map(({ id }) => id);
  }

  /** What was told since this was read last. */
  news(): string[] {
    return this.told.splice(0);
  }

  /** As kill -9. */
  async die(): Promise<void> {
    await this.bus.close();
  }
}

describe('Membership', () => {
  it('nodes find each other, and each is told once', async () => {
    const [a, b, c] = [new Member('a'), new Member('b'), new Member('c')];
    await clock.advance(1_500);
    assert.deepEqual(
      [a.peers.sort(), b.peers.sort(), c.peers.sort()],
      [
        ['b', 'c'],
        ['a', 'c'],
        ['a', 'b'],
      ],
    );
    assert.deepEqual(a.news().sort(), ['healthy', 'joined b', 'joined c']);
    await clock.advance(10_000);
    assert.deepEqual(
      [a, b, c].flatMap((member) => member.news()).filter((news) => !/^(?:joined|healthy)/.test(news)),
      [],
    );
  });

  it('says what has changed at once', async () => {
    const [a, b] = [new Member('a'), new Member('b')];
    await clock.advance(1_500);
    b.news();
    a.info = { ...info, streams: 4 };
    a.membership.announce();
    await clock.advance(50);
    assert.deepEqual(b.news(), ['changed a 4']);
    assert.equal(b.membership.peer('a')?.info.streams, 4);
    assert.equal(b.membership.peer('a', 1), null);
  });

  it('a node that closes is gone at once, and stays gone', async () => {
    const [a, b] = [new Member('a'), new Member('b')];
    await clock.advance(1_500);
    b.news();
    a.membership.close();
    await clock.advance(50);
    assert.deepEqual(b.news(), ['left a bye']);
    await clock.advance(5_000);
    assert.deepEqual(b.news(), []);
  });

  it('a node that dies without a word is dead after five seconds, not before', async () => {
    const [a, b] = [new Member('a'), new Member('b')];
    await clock.advance(2_000);
    b.news();
    await a.die();
    await clock.advance(3_900);
    assert.deepEqual(b.news(), []);
    await clock.advance(1_500);
    assert.deepEqual(b.news(), ['left a dead']);
  });

  it('a later life takes the place of the earlier one', async () => {
    const [a, b] = [new Member('a'), new Member('b')];
    await clock.advance(1_500);
    b.news();
    await a.die();
    const later = new Member('a');
    await clock.advance(200);
    assert.deepEqual(b.news(), ['left a dead', 'joined a']);
    assert.equal(b.membership.peer('a')?.epoch, later.bus.self.epoch);
  });

  it('a recorded hello makes no ghost of a dead node', async () => {
    const recorded: { channel: string; text: string }[] = [];
    const a = new Member('a');
    scene.hub.tap((channel, text) => recorded.push({ channel, text }));
    await clock.advance(3_000);
    await a.die();
    const b = new Member('b');
    for (const { channel, text } of recorded) scene.hub.inject(channel, text);
    await clock.advance(3_000);
    assert.deepEqual(b.news(), ['healthy']);
  });

  it('while the server is frozen nobody is declared dead, and afterwards only who stays away', async () => {
    const [a, b, c] = [new Member('a'), new Member('b'), new Member('c')];
    await clock.advance(1_500);
    for (const member of [a, b, c]) member.news();
    scene.hub.freeze();
    await clock.advance(20_000);
    assert.deepEqual(a.news(), ['unhealthy']);
    assert.equal(a.membership.healthy, false);
    await c.die();
    scene.hub.thaw();
    await clock.advance(1_500);
    assert.deepEqual(a.news(), ['healthy']);
    await clock.advance(3_000);
    assert.deepEqual(a.news(), []);
    await clock.advance(4_000);
    assert.deepEqual([a.news(), b.news()], [['left c dead'], ['unhealthy', 'healthy', 'left c dead']]);
  });

  it('a server that is gone and comes back empty: the same', async () => {
    const [a, b] = [new Member('a'), new Member('b')];
    await clock.advance(1_500);
    scene.hub.stop();
    await clock.advance(60_000);
    assert.deepEqual(a.peers, ['b']);
    a.news();
    scene.hub.restart();
    await clock.advance(10_000);
    assert.deepEqual(a.news(), ['healthy']);
    assert.deepEqual(b.peers, ['a']);
  });

  it('a node that was cut off for long is met anew by the others, and learns that they had lost it', async () => {
    const [a, b, c] = [new Member('a'), new Member('b'), new Member('c')];
    await clock.advance(1_500);
    for (const member of [a, b, c]) member.news();
    scene.hub.cutOff('a');
    await clock.advance(15_000);
    assert.deepEqual(b.news(), ['left a dead']);
    assert.deepEqual(a.news(), ['unhealthy']);
    scene.hub.heal('a');
    await clock.advance(1_500);
    assert.deepEqual(b.news(), ['joined a']);
    assert.deepEqual(a.news(), ['healthy', 'renewed b', 'renewed c']);
    assert.deepEqual(c.peers.sort(), ['a', 'b']);
  });

  it('finds everybody when messages are slow, late and lost', async () => {
    let turn = 0;
    scene.hub.delay = () => 50 + ((turn * 37) % 400);
    scene.hub.drop = () => ++turn % 5 === 0;
    const members = ['a', 'b', 'c', 'd'].map((id) => new Member(id));
    await clock.advance(20_000);
    for (const member of members) assert.equal(member.peers.length, 3, member.bus.self.id);
  });

  it('an observer that fails keeps no other from its news', async () => {
    const a = new Member('a');
    a.membership.observe({
      joined: () => {
        throw new Error('broken');
      },
    });
    let joined = 0;
    const stop = a.membership.observe({ joined: () => joined++ });
    new Member('b');
    await clock.advance(1_500);
    stop();
    new Member('c');
    await clock.advance(1_500);
    assert.equal(joined, 1);
  });

  it('a node of another protocol is a peer too, with fields that are not known yet', async () => {
    const a = new Member('a');
    const b = new Member('b');
    b.info = { ...info, busProtocol: 99, mood: 'good' } as NodeInfo;
    await clock.advance(1_500);
    assert.equal(a.membership.peer('b')?.info.busProtocol, 99);
  });

  it('says nothing once it has closed', async () => {
    const a = new Member('a');
    await clock.advance(1_500);
    a.membership.close();
    const heard: string[] = [];
    scene.hub.tap((channel) => heard.push(channel));
    a.membership.announce();
    a.membership.close();
    await clock.advance(5_000);
    assert.deepEqual(heard, []);
    assert.ok(NODES_TOPIC);
  });
});
