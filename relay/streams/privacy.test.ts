import { testPrivacy } from './testing/privacy-rules.ts';
import { Scene, settle } from './testing/scene.ts';

testPrivacy(async () => {
  const scene = new Scene();
  return {
    commercials: scene,
    admins: scene,
    rest: async () => {
      for (let i = 0; i < 2; i += 1) await settle();
      await new Promise((resolve) => setTimeout(resolve, 120)); // the roster's
    },
    hears: (listener, speaker) => {
      const heard = listener.session.links.listen?.hearing ?? null;
      return heard !== null && heard === scene.registry.publishing.streamOf(speaker.session.user.id)?.audible;
    },
    close: async () => scene.registry.close(),
  };
});
