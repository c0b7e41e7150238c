import assert from 'node:assert/strict';
import { it } from 'node:test';
import { admin, commercial } from '../../streams/testing/scene.ts';
import { ClusterScene, rest } from '../testing/cluster-scene.ts';

it('what is told of a sealed stream goes along to listeners at other nodes, and there too nobody hears it who cannot open it', async () => {
  const cluster = new ClusterScene();
  const [home, other] = await cluster.start('a', 'b');
  const seal = { salt: 'AAAAAAAAAAAAAAAAAAAAAA', tag: 9 };
  const [ada, bea] = [await other.scene.listening(admin('ada')), await other.scene.listening(admin('bea'))];
  const { listening } = other.scene.registry;
  listening.select(ada.session, 'cleo', false, null, true);
  listening.select(bea.session, 'cleo');
  const cleo = home.scene.join(commercial('cleo'));
  await home.scene.registry.publishing.offer(cleo.session, 'connect', 'an offer');
  await home.scene.registry.publishing.start(cleo.session, false, seal);
  await rest();
  await rest();
  const { status, e2ee } = ada.peer.last('listen:changed');
  assert.deepEqual([status, e2ee], ['live', seal]);
  assert.equal(bea.peer.last('listen:ended').reason, 'e2ee_required');
  assert.equal(bea.session.links.listen?.hearing, null);
  await cluster.close();
});
