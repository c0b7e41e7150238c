/** Pages that are away: who may hear, and who is shown as a listener, while a connection or the media is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admin, commercial, type FakePage, Scene, settle } from './testing/scene.ts';

/** Names of those whom the commercial's page shows. */
function shownBy({ peer }: FakePage): string[] {
  return peer.listeners.map(({ name }) => name);
}

test('the page has acknowledged the newcomer before their audio starts', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  const transport = scene.media.listen();
  const order: string[] = [];
  const { notify } = cleo.peer;
  cleo.peer.notify = (name, payload) => {
    order.push(name);
    notify.call(cleo.peer, name, payload);
  };
  const { onDemand } = cleo.peer;
  cleo.peer.onDemand = (version) => {
    setImmediate(() => {
      order.push('acknowledged');
      onDemand(version);
    });
  };
  const { hear } = transport;
  transport.hear = (source) => {
    if (source) order.push('hear');
    return hear.call(transport, source);
  };
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  assert.deepEqual(order, ['demand:changed', 'acknowledged', 'hear']);
  scene.registry.close();
});

test('roster, status and listeners say the same while the commercial’s session is in its grace time', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  cleo.session.detach(cleo.peer);
  const told = (): unknown[] => {
    const row = ada.peer.last('roster:delta').changed[0];
    const { status } = ada.peer.last('listen:changed');
    return [row?.status, row?.interruption, status, scene.registry.detail(() => true)[0]?.status];
  };
  for (let second = 0; second < 6; second += 2) {
    await settle();
    t.mock.timers.tick(2_000);
  }
  await settle();
  t.mock.timers.tick(200);
  assert.deepEqual(told(), ['interrupted', 'network', 'interrupted', 'interrupted']);
  scene.join(commercial('cleo'), cleo.session);
  await settle();
  t.mock.timers.tick(200);
  assert.deepEqual(told(), ['live', null, 'live', 'live']);
  scene.registry.close();
});

test('an admin who left without a goodbye no longer counts as soon as socket and media are gone', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  const ben = scene.join(admin('ben'));
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  t.mock.timers.tick(200);
  const count = (): number | undefined => {
    t.mock.timers.tick(200);
    return ben.peer.last('roster:delta').changed[0]?.listenerCount;
  };
  const transport = scene.media.listen();
  ada.session.detach(ada.peer);
  assert.equal(scene.registry.totalListeners(), 1); // the audio flows: it may be a lost socket alone
  assert.equal(transport.heard, scene.media.publish().source);
  transport.become('disconnected');
  await settle();
  assert.equal(scene.registry.totalListeners(), 0);
  assert.deepEqual(scene.registry.detail(() => true)[0]?.listeners, []);
  assert.deepEqual(shownBy(cleo), []);
  assert.equal(count(), 0);
  assert.equal(transport.heard, null);
  assert.equal(scene.registry.gauges().listeners, 1); // the selection is kept

  transport.become('connected'); // only a tunnel: the media is back before the socket
  await settle();
  assert.deepEqual(shownBy(cleo), ['ADA']);
  assert.equal(count(), 1);
  assert.equal(transport.heard, scene.media.publish().source);

  transport.lose('transport_failed');
  assert.deepEqual(shownBy(cleo), []);
  const back = scene.join(admin('ada'), ada.session);
  assert.deepEqual(back.peer.all('listen:changed').length, 1);
  assert.equal(back.peer.last('listen:changed').status, 'joining');
  assert.deepEqual(shownBy(cleo), ['ADA']);
  await settle();
  assert.equal(back.peer.last('listen:changed').status, 'live');
  assert.equal(scene.registry.totalListeners(), 1);

  back.session.detach(back.peer);
  assert.equal(scene.registry.totalListeners(), 0);
  t.mock.timers.tick(31_000);
  assert.equal(scene.registry.gauges().listeners, 0);
  scene.registry.close();
});

test('an admin whose media is lost, and who is connected, counts; nothing is told twice', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  const told = cleo.peer.all('demand:changed').length;
  scene.media.listen().become('disconnected');
  scene.media.listen().lose('transport_failed');
  assert.equal(scene.registry.totalListeners(), 1);
  assert.equal(cleo.peer.all('demand:changed').length, told);
  scene.registry.close();
});
