/** Pages that are away: who may hear, and who is shown as a listener, while a connection or the media is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admin, commercial, type FakePage, Scene, settle } from './testing/scene.ts';

/** Names of those whom the commercial's page shows. */
function shownBy({ peer }: FakePage): string[] {
  return peer.listeners.map(({ name }) => name);
}

test('while the commercial’s page cannot be told, newcomers hear nothing and those it shows go on', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  const { source } = scene.media.publish();
  const adas = scene.media.listen();
  cleo.session.detach(cleo.peer);
  const ben = await scene.listening(admin('ben'));
  assert.equal(scene.registry.listening.select(ben.session, 'cleo').status, 'interrupted');
  await settle();
  assert.equal(scene.media.listen().heard, null);
  assert.equal(adas.heard, source);
  const adasTold = ada.peer.all('listen:changed').length;
  assert.equal(ben.peer.all('listen:changed').length, 0);

  const back = scene.join(commercial('cleo'), cleo.session);
  assert.deepEqual(back.peer.all('demand:changed').length, 1);
  assert.deepEqual(shownBy(back), ['ADA', 'BEN']);
  await settle();
  assert.equal(scene.media.listen().heard, source);
  assert.equal(adas.heard, source);
  assert.deepEqual(
    ben.peer.all('listen:changed').map(({ status }) => status),
    ['joining', 'live'],
  );
  assert.equal(ada.peer.all('listen:changed').length, adasTold);
  scene.registry.close();
});

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

test('a newcomer to a page that has been away and lost its shown listener is not let in by mistake', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  scene.registry.listening.stop(ada.session); // the page is told that nobody listens
  cleo.session.detach(cleo.peer);
  assert.equal(scene.registry.listening.select(ada.session, 'cleo').status, 'interrupted');
  await settle();
  assert.equal(scene.media.listen().heard, null);
  const back = scene.join(commercial('cleo'), cleo.session);
  assert.deepEqual(shownBy(back), ['ADA']);
  await settle();
  assert.equal(scene.media.listen().heard, scene.media.publish().source);
  scene.registry.close();
});

test('another tab of a shown admin hears also while the commercial’s page is away', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  cleo.session.detach(cleo.peer);
  const tab = await scene.listening(admin('ada'));
  assert.equal(scene.registry.listening.select(tab.session, 'cleo').status, 'live');
  await settle();
  assert.equal(scene.media.listen().heard, scene.media.publish().source);
  scene.registry.close();
});

test('a paused stream says so also to an admin who is not shown', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  await scene.registry.publishing.pause(cleo.session, true);
  cleo.session.detach(cleo.peer);
  const ada = await scene.listening(admin('ada'));
  assert.equal(scene.registry.listening.select(ada.session, 'cleo').status, 'paused');
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

test('an admin whose page comes back while the commercial’s page is away hears only if it is still shown', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const [ada, ben] = [await scene.listening(admin('ada')), await scene.listening(admin('ben'))];
  scene.registry.listening.select(ada.session, 'cleo');
  scene.registry.listening.select(ben.session, 'cleo');
  await settle();
  const [adas, bens] = [scene.media.listen(1), scene.media.listen()];
  ada.session.detach(ada.peer);
  adas.become('disconnected'); // told: only Ben
  await settle();
  cleo.session.detach(cleo.peer);
  ben.session.detach(ben.peer);
  bens.become('disconnected'); // could not be told: Ben is still shown
  const adaBack = scene.join(admin('ada'), ada.session);
  const benBack = scene.join(admin('ben'), ben.session);
  bens.become('connected');
  adas.become('connected');
  await settle();
  assert.equal(adaBack.peer.last('listen:changed').status, 'interrupted');
  assert.equal(adas.heard, null);
  assert.equal(benBack.peer.last('listen:changed').status, 'live');
  assert.equal(bens.heard, scene.media.publish().source);
  scene.registry.close();
});
