import { policyFile } from '../../policy/policy-schema.ts';
import type { FakeListenTransport, FakePublishTransport } from './fake-media.ts';
import { admin, commercial, type FakePage, FakePeer, type Scene, settle } from './scene.ts';

/** A policy file that lets admins whisper in every team, or in none, and others hear it. */
export const whisperRules = (whisper: boolean | { heardByListeners: boolean }) =>
  policyFile.parse({ version: 1, teams: { '*': { whisper } } });

/** The page does as the elements do: it shows who speaks, and says so. */
export function showsWhispers(scene: Scene, { session, peer }: FakePage): void {
  const notify = peer.notify.bind(peer);
  peer.notify = (name, payload) => {
    notify(name, payload);
    if (name !== 'whisper:began' && name !== 'whisper:cued') return;
    const { id } = payload as { id: string };
    queueMicrotask(() => scene.registry.whispering.shown(session, id));
  };
}

/** An admin who hears Cléo, with a microphone; as `join` does, with the claim. */
export async function whisperingAdmin(scene: Scene, id: string, claims = { whisper: true }): Promise<FakePage> {
  const verified = { user: admin(id), expiresAt: Date.now() + 3_600_000, ...claims };
  const { session, resumed } = scene.registry.registry.open(verified, undefined);
  const peer = new FakePeer();
  session.attach(peer);
  const page = { peer, session, resumed };
  await scene.registry.listening.connect(session, 'connect');
  await scene.registry.listening.answer(session, 'an answer');
  scene.registry.listening.select(session, 'cleo');
  await settle();
  return page;
}

/** Both sides of a whisper. */
export interface WhisperPair {
  readonly cleo: FakePage;
  readonly ada: FakePage;
  readonly ear: FakeListenTransport;
  readonly microphone: FakePublishTransport;
}

/** Cléo is live, wears an earpiece and says so; Ada hears her and has a microphone. */
export async function whisperPair(scene: Scene): Promise<WhisperPair> {
  const cleo = await scene.live(commercial('cleo'));
  showsWhispers(scene, cleo);
  const ada = await whisperingAdmin(scene, 'ada');
  const { whispering } = scene.registry;
  await whispering.connect(cleo.session, 'connect');
  await whispering.answer(cleo.session, 'an answer');
  const ear = scene.media.listen();
  whispering.allow(cleo.session, true, true);
  await whispering.offer(ada.session, 'connect', 'an offer');
  await settle();
  return { cleo, ada, ear, microphone: scene.media.publish() };
}

/** Why whispers ended, as this page was told. */
export const whisperEnds = ({ peer }: FakePage) => peer.all('whisper:ended').map(({ reason }) => reason);
