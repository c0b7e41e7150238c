/** The rules of a single relay, with the two sides on two nodes. */
import { FakeRemoteSource } from '../../streams/testing/fake-node-pipes.ts';
import { testPrivacy } from '../../streams/testing/privacy-rules.ts';
import { ClusterScene, rest } from '../testing/cluster-scene.ts';

testPrivacy(async () => {
  const cluster = new ClusterScene();
  const [home, other] = await cluster.start('a', 'b');
  return {
    commercials: home.scene,
    admins: other.scene,
    rest: async () => {
      for (let i = 0; i < 2; i += 1) await rest();
    },
    // Only what its home really passes on can be heard, whatever the other node believes.
    hears: (listener, speaker) => {
      const heard = listener.session.links.listen?.hearing;
      const source = home.scene.registry.publishing.streamOf(speaker.session.user.id)?.audible;
      if (!source || !(heard instanceof FakeRemoteSource) || heard.id !== source.id) return false;
      return home.pipes.given.some((given) => given.node === other.id && given.source === source);
    },
    close: () => cluster.close(),
  };
});
