import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { freePort } from '../../test/harness/network/free-port.ts';
import type { RemoteAudioSource } from './media.ts';
import { OFFER, RecordedEvents, until } from './testing/media-fixtures.ts';
import { type Ear, hears, SOON, type Speaker, TwoNodes } from './testing/two-nodes.ts';

/** The same voice, which goes over from one source to another; both live at another node than who hears it. */
describe('a source that takes the place of an older one', () => {
  let nodes: TwoNodes;
  let speakers: readonly [Speaker, Speaker];
  before(async () => {
    nodes = await TwoNodes.start(await freePort(['127.0.0.1'], 16), 1, 8, SOON);
    speakers = [await nodes.speaker(), await nodes.speaker()];
  });
  after(() => nodes.close());
  beforeEach(() => {
    nodes.onRequest = (request) => request;
  });

  /** Somebody who hears the older source, and the newer one. */
  async function hearing(): Promise<{ ear: Ear; older: RemoteAudioSource; newer: RemoteAudioSource }> {
    const ear = await nodes.ear();
    const [older, newer] = [nodes.remote(speakers[0]), nodes.remote(speakers[1])];
    await ear.transport.hear(older);
    await hears(ear);
    return { ear, older, newer };
  }

  async function assertNothingLeft({ transport, page }: Ear): Promise<void> {
    transport.close();
    page.close();
    assert.equal(transport.consumers, 0);
    assert.equal(nodes.homePipes.gauges().given, 0);
    assert.equal(nodes.farPipes.gauges().copies, 0);
    await until('the worker has nothing of it', () => nodes.farPipes.gauges().links === 0);
    const [report] = await nodes.far.dump();
    assert.deepEqual(report?.router.mapProducerIdConsumerIds, []);
  }

  /** The other node answers when the returned function is called. */
  function late(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    nodes.onRequest = async (request) => {
      await promise;
      return request;
    };
    return resolve;
  }

  it('is waited for, however late, while the older one is heard, and then heard instead', async () => {
    const { ear, older, newer } = await hearing();
    const before = ear.transport.consumer;
    const answer = late();
    const done = ear.transport.hear(newer, older);
    await hears(ear, 'the older one goes on');
    assert.equal(ear.transport.consumer, before);
    answer();
    await done;
    assert.equal(ear.transport.hearing, newer);
    assert.deepEqual([before?.closed, ear.transport.consumer?.paused], [true, false]);
    assert.equal(ear.transport.consumers, 1);
    await ear.page.renew();
    await hears(ear, 'the newer one is heard');
    assert.equal(nodes.homePipes.gauges().given, 1, 'the older one is still given');
    await assertNothingLeft(ear);
  });

  it('waits, paused, for its first packet: what says nothing yet would be silence', async () => {
    const { ear, older } = await hearing();
    const voice = await nodes.pages.publisher();
    const transport = await nodes.home.createPublishTransport(new RecordedEvents());
    const answer = await transport.answer(await voice.offer());
    const mute = nodes.remote(nodes.known(voice, transport, await transport.produce()));
    const done = ear.transport.hear(mute, older);
    await until('it is there', () => ear.transport.consumers === 2);
    await hears(ear, 'the older one goes on');
    assert.equal(ear.transport.hearing, older);
    await voice.speak(answer);
    await done;
    assert.equal(ear.transport.hearing, mute);
    await ear.page.renew();
    await hears(ear, 'the newer one is heard');
    voice.close();
    transport.close();
    mute.close();
    await assertNothingLeft(ear);
  });

  it('is not waited for for ever', async () => {
    const { ear, older } = await hearing();
    const transport = await nodes.home.createPublishTransport(new RecordedEvents());
    await transport.answer(OFFER);
    const mute = nodes.remote(nodes.known(speakers[0].voice, transport, await transport.produce()));
    await ear.transport.hear(mute, older);
    assert.equal(ear.transport.hearing, mute);
    transport.close();
    mute.close();
    await assertNothingLeft(ear);
  });

  it('that cannot be had leaves the older one as it is, and can be asked for again', async () => {
    const { ear, older, newer } = await hearing();
    const before = ear.transport.consumer;
    nodes.onRequest = () => Promise.reject(new Error('no answer'));
    await assert.rejects(ear.transport.hear(newer, older), /no answer/);
    assert.equal(ear.transport.consumer, before);
    await hears(ear, 'the older one goes on');
    nodes.onRequest = (request) => request;
    await ear.transport.hear(newer, older);
    assert.equal(ear.transport.hearing, newer);
    await assertNothingLeft(ear);
  });

  it('is heard as soon as it can be when the older one ends meanwhile', async () => {
    const { ear, older, newer } = await hearing();
    const answer = late();
    const done = ear.transport.hear(newer, older);
    older.close();
    assert.equal(ear.transport.hearing, null);
    answer();
    await done;
    assert.equal(ear.transport.hearing, newer);
    assert.equal(ear.transport.consumer?.paused, false);
    await ear.page.renew();
    await hears(ear, 'the newer one is heard');
    await assertNothingLeft(ear);
  });

  it('and the older one ends at once when it may no longer be heard', async () => {
    const { ear, older, newer } = await hearing();
    const before = ear.transport.consumer;
    const answer = late();
    const done = ear.transport.hear(newer, older);
    const now = ear.transport.hear(newer, null);
    assert.deepEqual([before?.closed, ear.transport.hearing], [true, null]);
    answer();
    await Promise.all([done, now]);
    assert.equal(ear.transport.hearing, newer);
    await assertNothingLeft(ear);
  });

  it('is left alone when the older one is wanted after all, or nothing', async () => {
    const { ear, older, newer } = await hearing();
    const before = ear.transport.consumer;
    for (const answer of [late(), () => undefined]) {
      const calls = [ear.transport.hear(newer, older), ear.transport.hear(older)];
      answer();
      await Promise.all(calls);
      assert.equal(ear.transport.consumer, before);
      await hears(ear, 'the older one goes on');
      assert.equal(ear.transport.consumers, 1);
    }
    const answer = late();
    const calls = [ear.transport.hear(newer, older), ear.transport.hear(null)];
    assert.equal(before?.closed, true);
    answer();
    await Promise.all(calls);
    assert.equal(ear.transport.hearing, null);
    await assertNothingLeft(ear);
  });

  it('leaves nothing when the page goes meanwhile', async () => {
    for (let turns = 0; turns < 6; turns += 1) {
      const { ear, older, newer } = await hearing();
      const done = ear.transport.hear(newer, older);
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      if (turns === 5)
        await until('both are there', () => ear.transport.hearing !== older || ear.transport.consumers === 2);
      ear.transport.close();
      await done;
      await assertNothingLeft(ear);
    }
  });
});
