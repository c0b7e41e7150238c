/** Whispers while a page goes over to another node, or a node is gone: they end, both sides are told why, and they can be begun again. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { policyFile } from '../../policy/policy-schema.ts';
import { policyOf } from '../../policy/team-policy.ts';
import { admin, commercial, type FakePage, FakePeer } from '../../streams/testing/scene.ts';
import { Clock } from '../testing/clock.ts';
import { type ClusterNode, ClusterScene } from '../testing/cluster-scene.ts';
import { HANDOVER_MS } from './claim-book.ts';

const file = policyFile.parse({ version: 1, teams: { '*': { whisper: true } } });
const policy = { exists: true, tag: 'one', of: (team: string) => policyOf(file, team) };

let clock: Clock;
let cluster: ClusterScene;
beforeEach(() => {
  clock = new Clock();
  cluster = new ClusterScene({ clock, policyOf: () => ({ policy }) });
});
afterEach(async () => {
  await cluster.close();
  clock.stop();
});

const rest = (): Promise<void> => clock.advance(300);

/** As the elements do: the page shows who speaks, and says so. */
function shows(page: FakePage, at: ClusterNode): void {
  const notify = page.peer.notify.bind(page.peer);
  page.peer.notify = (name, payload) => {
    notify(name, payload);
    if (name !== 'whisper:began') return;
    const { id } = payload as { id: string };
    queueMicrotask(() => at.scene.registry.whispering.shown(page.session, id));
  };
}

/** Cléo's page: live, with an earpiece. @param follows her page at another node, from which she goes over */
async function cleoAt(at: ClusterNode, follows: FakePage | null = null): Promise<FakePage> {
  const { publishing, whispering } = at.scene.registry;
  const page = follows ? at.scene.join(commercial('cleo'), follows.session) : await at.scene.live(commercial('cleo'));
  if (follows) {
    await publishing.offer(page.session, 'connect', 'an offer');
    await publishing.start(page.session, true);
  }
  shows(page, at);
  await whispering.connect(page.session, 'connect');
  await whispering.answer(page.session, 'an answer');
  at.scene.media.listen();
  whispering.allow(page.session, true, true);
  await rest();
  return page;
}

/** Ada's page, which hears Cléo and has a microphone. @param follows her page at another node, from which she goes over */
async function adaAt(at: ClusterNode, follows: FakePage | null = null): Promise<FakePage> {
  const { registry, listening, whispering } = at.scene.registry;
  const verified = { user: admin('ada'), expiresAt: Date.now() + 3_600_000, whisper: true };
  const { session, resumed } = registry.open(verified, follows?.session.id);
  const page = { session, peer: new FakePeer(), resumed };
  session.attach(page.peer);
  await listening.connect(session, 'connect');
  await listening.answer(session, 'an answer');
  listening.select(session, 'cleo', follows !== null);
  await whispering.offer(session, 'connect', 'an offer');
  await rest();
  return page;
}

/** Begins; resolves with the whisper's id. */
async function begin(page: FakePage, at: ClusterNode): Promise<string> {
  const begun = at.scene.registry.whispering.begin(page.session, null);
  begun.catch(() => undefined);
  await rest();
  return (await begun).id;
}

const ends = ({ peer }: FakePage) => peer.all('whisper:ended').map(({ id, reason }) => `${reason} ${id}`);
const causes = ({ scene }: ClusterNode) => scene.trail.flatMap((e) => (e.event === 'whisper_ended' ? [e.cause] : []));
const whispers = (...nodes: ClusterNode[]) => nodes.reduce((sum, node) => sum + node.cluster.gauges().whispers, 0);

describe('a whisper, when the commercial’s page goes over to another node', () => {
  it('ends with what the page has left, Ada is told why, and begins again at the new one', async () => {
    const [a, b, c] = await cluster.start('a', 'b', 'c');
    const old = await cleoAt(a);
    const ada = await adaAt(b);
    const id = await begin(ada, b);
    assert.deepEqual(b.given, ['a']);
    const moved = await cleoAt(c, old);
    await clock.advance(HANDOVER_MS);
    old.session.end('left');
    await rest();
    assert.deepEqual(ends(ada), [`page_away ${id}`], 'and not that she hears her no more');
    assert.deepEqual([b.given, whispers(a, b, c), causes(a).length], [[], 0, 1]);
    const again = await begin(ada, b);
    assert.deepEqual(
      moved.peer.all('whisper:began').map((began) => began.id),
      [again],
    );
    assert.deepEqual(b.given, ['c'], 'the microphone goes to the new home, and nowhere else');
  });

  it('is refused in words until she has said there that she wears an earpiece', async () => {
    const [a, b] = await cluster.start('a', 'b');
    const old = await cleoAt(a);
    const ada = await adaAt(b);
    const page = b.scene.join(commercial('cleo'), old.session);
    await b.scene.registry.publishing.offer(page.session, 'connect', 'an offer');
    await b.scene.registry.publishing.start(page.session, true);
    old.session.end('left');
    await clock.advance(HANDOVER_MS);
    await assert.rejects(begin(ada, b), { code: 'whisper_not_allowed' });
    assert.equal(ada.peer.last('whisper:changed').voice, false, 'and Ada’s page knew before');
  });
});

describe('a whisper, when the admin’s page goes over to another node', () => {
  it('ends with the page that spoke, the commercial is told why, and begins again from the new one', async () => {
    const [a, b, c] = await cluster.start('a', 'b', 'c');
    const cleo = await cleoAt(a);
    const old = await adaAt(b);
    const id = await begin(old, b);
    const ada = await adaAt(c, old);
    await clock.advance(HANDOVER_MS);
    old.session.end('left');
    await rest();
    assert.deepEqual(ends(cleo), [`page_away ${id}`], 'and not that Ada hears her no more');
    assert.deepEqual([b.given, whispers(a, b, c), causes(a).length], [[], 0, 1]);
    await begin(ada, c);
    assert.deepEqual([c.given, cleo.peer.all('whisper:began').length], [['a'], 2]);
  });
});

describe('a whisper, when a node is gone', () => {
  it('ends for Ada when the commercial’s is, with a reason', async () => {
    const [a, b] = await cluster.start('a', 'b');
    await cleoAt(a);
    const ada = await adaAt(b);
    const id = await begin(ada, b);
    await a.die();
    await clock.advance(7_000);
    assert.deepEqual(ends(ada), [`page_away ${id}`]);
    assert.deepEqual([b.given, whispers(b)], [[], 0]);
    await assert.rejects(begin(ada, b), (error: { code?: string }) => error.code !== undefined);
  });

  it('ends for the commercial when the admin’s is, with a reason, and she can be spoken to by others', async () => {
    const [a, b, c] = await cluster.start('a', 'b', 'c');
    const cleo = await cleoAt(a);
    const ada = await adaAt(b);
    const id = await begin(ada, b);
    await b.die();
    await clock.advance(7_000);
    assert.deepEqual(ends(cleo), [`page_away ${id}`]);
    assert.deepEqual([whispers(a), causes(a)], [0, ['page_away']]);
    const again = await adaAt(c);
    await begin(again, c);
    assert.equal(cleo.peer.all('whisper:began').length, 2);
  });
});
