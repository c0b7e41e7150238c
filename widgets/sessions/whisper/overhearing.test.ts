/** What others say, heard by a page that listens: when it sounds, when it is silent, and what of it is sealed; and who speaks shows who hears it. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { StreamSeal } from '../../../relay/protocol/stream-seal.ts';
import { FakeBrowser, type FakeEnd } from '../../e2ee/testing/fake-worker.ts';
import { FakePage } from '../../shared/testing/fake-page.ts';
import { sealedLink } from '../sealed-link.ts';
import { type E2eeSettings, Sealing } from '../sealing.ts';
import { FakeMicrophones, FakePeers, FakePlayer } from '../testing/fake-media.ts';
import { admin, deferred, FakeRelay } from '../testing/fake-relay.ts';
import type { WhisperState } from '../whisper-state.ts';
import { Overhearing } from './overhearing.ts';
import { Whisperer } from './whisperer.ts';

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await setImmediate();
};
const key = (fill: number) => ({ id: 1, key: new Uint8Array(32).fill(fill) });
const NOTHING: E2eeSettings = { keys: null, rotation: { useAfterMs: 0, dropAfterMs: 0 }, workerUrl: null };
const withKey = (fill: number): E2eeSettings => ({ ...NOTHING, keys: [key(fill)] });
const token = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
const ADA = { id: 'a1', name: 'Ada' };
const NAMES = [{ id: 'b1', name: 'Bea' }];

let close: (() => void)[] = [];
afterEach(() => {
  for (const end of close) end();
  close = [];
});

/** Bea's page hears c1, and others who whisper to them. @param stream how that of c1 is sealed */
async function listening(settings = NOTHING, stream?: StreamSeal, claims: object = {}) {
  const browser = new FakeBrowser();
  browser.install();
  const relay = new FakeRelay();
  relay.ready(admin('b1'));
  relay.answers['listen:select'] = () => ({ status: 'live', liveForMs: 0, ...(stream && { e2ee: stream }) });
  const sealing = new Sealing('open', settings, token(claims), () => {});
  const link = sealedLink(relay, sealing);
  await settle();
  await link.request('listen:select', { commercialId: 'c1' });
  relay.drain();
  const peers = new FakePeers();
  const player = new FakePlayer();
  const ends: FakeEnd[] = [];
  const heard: boolean[] = [];
  const followed: unknown[] = [];
  const overhearing = new Overhearing<string>({
    relay: link,
    log: () => {},
    sealing,
    sound: () => ({ accompany: (other) => followed.push(other) }),
    player,
    createPeer: (servers, onState, onTrack, guard) => {
      const end: FakeEnd = {};
      guard.dress(end as RTCRtpReceiver);
      ends.push(end);
      onTrack('voice');
      return peers.create(servers, onState);
    },
    commit: (hears) => heard.push(hears),
  });
  close.push(() => overhearing.close());
  const whisper = (e2ee?: StreamSeal, commercialId = 'c1') =>
    relay.emit('whisper:overheard', { commercialId, whisper: { id: 'w1', by: ADA, ...(e2ee && { e2ee }) } });
  const over = () => relay.emit('whisper:overheard', { commercialId: 'c1', whisper: null });
  const hears = (): boolean => {
    assert.equal(player.gain > 0, heard.at(-1) ?? false, 'what is said is what sounds');
    return player.gain > 0;
  };
  return { browser, relay, sealing, overhearing, peers, player, ends, followed, whisper, over, hears };
}

describe('others who whisper', () => {
  it('are heard over a connection that stands before anybody speaks, and only while the relay says so', async () => {
    const { relay, overhearing, player, followed, whisper, over, hears } = await listening();
    assert.equal(hears(), false);
    whisper();
    assert.equal(hears(), false, 'nobody is followed');
    overhearing.follow('c1');
    await settle();
    assert.deepEqual(relay.drain(), ['whisper:connect connect', 'whisper:answer']);
    assert.deepEqual([player.track, followed], ['voice', [player]]);
    assert.equal(hears(), false);
    whisper(undefined, 'c2');
    assert.equal(hears(), false, 'of somebody else');
    whisper();
    assert.equal(hears(), true);
    over();
    assert.equal(hears(), false);
    overhearing.follow('c1');
    await settle();
    assert.deepEqual(relay.drain(), [], 'it stands');
  });

  for (const [what, end] of [
    ['somebody else is selected', ({ overhearing }) => overhearing.follow(null)],
    ['the connection is lost', ({ relay }) => relay.set('offline')],
    ['the page goes over to another relay', ({ relay }) => relay.emit('moved', undefined as never)],
    ['the session ends', ({ overhearing }) => overhearing.close()],
  ] as const satisfies readonly (readonly [string, (scene: Awaited<ReturnType<typeof listening>>) => void])[]) {
    it(`are silent at once when ${what}`, async () => {
      const scene = await listening();
      scene.overhearing.follow('c1');
      await settle();
      scene.whisper();
      assert.equal(scene.player.gain, 1);
      end(scene);
      assert.equal(scene.player.gain, 0);
    });
  }

  it('are let go of with the selection, and what comes late is not heard', async () => {
    const { relay, overhearing, peers, whisper, hears } = await listening();
    overhearing.follow('c1');
    await settle();
    relay.drain();
    overhearing.follow(null);
    await settle();
    assert.deepEqual([relay.drain(), peers.open], [['whisper:disconnect'], 0]);
    whisper();
    assert.equal(hears(), false);
  });

  it('that the relay refuses are asked for again when it tells so again', async () => {
    const { relay, overhearing } = await listening();
    const { 'whisper:connect': connect } = relay.answers;
    relay.answers['whisper:connect'] = () => {
      throw new Error('not yet');
    };
    overhearing.follow('c1');
    await settle();
    relay.answers['whisper:connect'] = connect;
    relay.drain();
    overhearing.follow('c1');
    await settle();
    assert.deepEqual(relay.drain(), ['whisper:connect connect', 'whisper:answer']);
  });
});

/** A page that speaks to c1, sealed with this key: what it sends, and its seal. */
async function sealedVoice(fill: number) {
  const browser = new FakeBrowser();
  browser.install();
  const sealing = new Sealing('seal', withKey(fill), token({}), () => {});
  close.push(() => sealing.close());
  const stream = await sealing.begin('c1', false);
  await settle();
  const seal = async (byte: number): Promise<ArrayBuffer | null> => {
    let wire: ArrayBuffer | null = null;
    await browser.service.seal({ data: Uint8Array.of(0x78, byte).buffer }, ({ data }) => {
      wire = data;
    });
    return wire;
  };
  return {
    stream,
    /** A frame of the stream. */
    streamed: seal,
    async whisper(): Promise<StreamSeal> {
      const { page } = sealing;
      assert.ok(page);
      // What it has of its own stream says which key it may take.
      page.expect('c1', stream ?? null, false);
      const data = await seal(1);
      if (data) await browser.service.opening()({ data }, () => {});
      return page.beginWhisper(ADA.id, 'c1');
    },
    said: seal,
  };
}

describe('others who whisper where the stream is sealed', () => {
  async function heardOver(listener: Awaited<ReturnType<typeof listening>>, data: ArrayBuffer | null) {
    let heard: number | null = null;
    const transform = listener.browser.services.at(-1)?.overhearing();
    if (data)
      await transform?.({ data: data.slice(0) }, (frame) => {
        heard = new Uint8Array(frame.data)[1] ?? null;
      });
    return heard;
  }

  it('are opened with the team’s key, by name: neither the stream, nor the whisper of another, nor one that is over passes there', async () => {
    const voice = await sealedVoice(1);
    const bea = await listening(withKey(1), voice.stream);
    bea.overhearing.follow('c1');
    await settle();
    assert.deepEqual(
      bea.ends.map(({ transform }) => Object.assign({}, transform)),
      [{ options: { side: 'overhear' } }],
    );
    assert.equal(await heardOver(bea, await voice.streamed(7)), null, 'the stream');
    const e2ee = await voice.whisper();
    const early = await voice.said(8);
    assert.equal(await heardOver(bea, early), null, 'before it is told');
    bea.whisper(e2ee);
    assert.equal(bea.hears(), true);
    await settle();
    assert.equal(await heardOver(bea, await voice.said(9)), 9);
    bea.relay.emit('whisper:overheard', {
      commercialId: 'c1',
      whisper: { id: 'w1', by: { id: 'x', name: 'X' }, e2ee },
    });
    assert.equal(await heardOver(bea, await voice.said(10)), null, 'under another name');
  });

  it('are silence with another key, and are not played in the clear', async () => {
    const voice = await sealedVoice(1);
    const bea = await listening(withKey(2), voice.stream);
    bea.overhearing.follow('c1');
    await settle();
    bea.whisper(await voice.whisper());
    assert.equal(await heardOver(bea, await voice.said(9)), null);
    bea.over();
    bea.whisper();
    assert.equal(bea.hears(), false, 'it must be sealed');
    assert.equal(await heardOver(bea, Uint8Array.of(0x78, 5).buffer), null);
  });

  it('are heard in the clear by a page with keys where the stream is not sealed, and sealed by none without keys', async () => {
    const bea = await listening(withKey(1));
    bea.overhearing.follow('c1');
    await settle();
    bea.whisper();
    assert.equal(bea.hears(), true);
    assert.equal(await heardOver(bea, Uint8Array.of(0x78, 5).buffer), 5);
    const bare = await listening();
    bare.overhearing.follow('c1');
    await settle();
    bare.whisper({ salt: 'A'.repeat(22), tag: 1 });
    assert.equal(bare.hears(), false);
  });
});

describe('who speaks', () => {
  function speaking() {
    const relay = new FakeRelay();
    relay.ready(admin('a1'));
    const states: WhisperState[] = [];
    const seen: unknown[] = [];
    relay.answers['whisper:seen'] = (params) => {
      seen.push(params);
      return {};
    };
    const whisperer = new Whisperer<string>({
      relay,
      page: new FakePage(),
      log: () => {},
      sound: () => ({ duck: () => {}, accompany: () => {} }),
      commit: (state) => states.push(state),
      openMicrophone: new FakeMicrophones().open,
      createPeer: new FakePeers().create,
    });
    close.push(() => whisperer.close());
    whisperer.changed({ commercialId: 'c1', voice: true, cues: true, by: null, overheard: true });
    const state = () => states.at(-1) as WhisperState;
    const told = (version: number, id = 'w1') => relay.emit('whisper:hearers', { id, version, hearers: NAMES });
    return { relay, whisperer, seen, state, told };
  }

  it('shows who else hears it, also when that is told before the answer; the relay is told only what the page shows', async () => {
    const { relay, whisperer, seen, state, told } = speaking();
    const begun = deferred<{ id: string; limitMs: number }>();
    relay.answers['whisper:begin'] = () => begun.promise as never;
    const pressed = whisperer.press();
    await settle();
    told(1);
    assert.equal(state().hearers, null, 'not known yet of what');
    whisperer.seen(1);
    begun.resolve({ id: 'w1', limitMs: 30_000 });
    await pressed;
    assert.deepEqual(state().hearers, { version: 1, names: NAMES });
    assert.deepEqual(seen, [], 'nobody hears it yet');
    whisperer.seen(1);
    whisperer.seen(1);
    await settle();
    assert.deepEqual(seen, [{ id: 'w1', version: 1 }]);
    told(2);
    whisperer.seen(1);
    whisperer.seen(2);
    await settle();
    assert.deepEqual(seen.at(-1), { id: 'w1', version: 2 });
    whisperer.release();
    assert.equal(state().hearers, null);
    told(3);
    whisperer.seen(3);
    await settle();
    assert.equal(seen.length, 2, 'it is over');
  });

  it('has the code that hears others loaded once listeners may, and not before', async () => {
    const relay = new FakeRelay();
    relay.ready(admin('a1'));
    let loads = 0;
    const follows: unknown[] = [];
    const whisperer = new Whisperer<string>({
      relay,
      page: new FakePage(),
      log: () => {},
      sound: () => ({ duck: () => {}, accompany: () => {} }),
      commit: () => {},
      openMicrophone: new FakeMicrophones().open,
      createPeer: new FakePeers().create,
      loadOverhearing: async () => {
        loads += 1;
        return { makeOverhearing: () => ({ follow: (id) => follows.push(id), close: () => follows.push('closed') }) };
      },
    });
    const told = { commercialId: 'c1', voice: false, cues: false, by: null };
    whisperer.changed(told);
    whisperer.turned();
    await settle();
    assert.equal(loads, 0);
    whisperer.changed({ ...told, overheard: true });
    await settle();
    whisperer.changed(told);
    whisperer.changed({ ...told, overheard: true });
    whisperer.turned();
    whisperer.close();
    assert.deepEqual([loads, follows.slice(0, 4)], [1, ['c1', null, 'c1', null]]);
    assert.equal(follows.at(-1), 'closed');
  });
});
