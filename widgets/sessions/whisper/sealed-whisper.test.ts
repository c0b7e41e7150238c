/** Sealed whispers between the two sides, with the worker's own work and real cryptography, among fakes of everything else. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import type { ParamsOf, PayloadOf } from '../../../relay/protocol/messages.ts';
import type { StreamSeal } from '../../../relay/protocol/stream-seal.ts';
import type { EarPlayer } from '../../audio/ear-player.ts';
import { FakeBrowser, type FakeEnd } from '../../e2ee/testing/fake-worker.ts';
import type { MediaGuard } from '../../relay-client/peer-connection.ts';
import { FakePage } from '../../shared/testing/fake-page.ts';
import { sealedLink } from '../sealed-link.ts';
import { type E2eeSettings, Sealing } from '../sealing.ts';
import { FakeMicrophones, FakePeers } from '../testing/fake-media.ts';
import { admin, commercial, FakeRelay } from '../testing/fake-relay.ts';
import type { EarState, WhisperState } from '../whisper-state.ts';
import { Ear } from './ear.ts';
import { Whisperer } from './whisperer.ts';

const key = (id: number, fill = id) => ({ id, key: new Uint8Array(32).fill(fill) });
const NOTHING: E2eeSettings = { keys: null, rotation: { useAfterMs: 0, dropAfterMs: 0 }, workerUrl: null };
const withKeys = (...keys: ReturnType<typeof key>[]): E2eeSettings => ({ ...NOTHING, keys });
const token = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await setImmediate();
};
const NADIA = { id: 'a1', name: 'Nadia' };

let close: (() => void)[] = [];
afterEach(() => {
  for (const end of close) end();
  close = [];
});

/** Cléo's page: live, and with an earpiece. */
async function wearing(settings: E2eeSettings, id = 'c1') {
  const browser = new FakeBrowser();
  browser.install();
  const relay = new FakeRelay();
  relay.ready(commercial(id));
  const told = { stream: undefined as StreamSeal | undefined, allowed: [] as unknown[], stops: [] as unknown[] };
  relay.answers['stream:start'] = ({ e2ee }) => {
    told.stream = e2ee;
    return { streamId: 's', liveForMs: 0 };
  };
  relay.answers['whisper:allow'] = (params) => {
    told.allowed.push(params);
    return {};
  };
  relay.answers['whisper:stop'] = ({ reason }) => {
    told.stops.push(reason);
    return {};
  };
  const sealing = new Sealing('seal', settings, token({}), () => {});
  const link = sealedLink(relay, sealing);
  await settle();
  await link.request('stream:start', {});
  const peers = new FakePeers();
  const ends: FakeEnd[] = [];
  const player = { audible: false };
  const sound: EarPlayer<string> = {
    prime: () => {},
    attach: () => {},
    speak: () => {
      player.audible = true;
    },
    hush: () => {
      player.audible = false;
    },
    levels: () => null,
    close: () => {},
  };
  const states: EarState[] = [];
  const ear = new Ear<string>({
    relay: link,
    sealing,
    log: () => {},
    microphone: () => null,
    isLive: () => true,
    player: sound,
    createPeer: (servers, onState, onTrack, guard) => {
      ends.push(received(guard));
      onTrack('track');
      return peers.create(servers, onState);
    },
    commit: (state) => states.push(state),
  });
  close.push(() => ear.close());
  ear.setVoice(true);
  await settle();
  const state = (): EarState => states.at(-1) as EarState;
  const began = (e2ee?: StreamSeal, by = NADIA): void => {
    const whisper: PayloadOf<'whisper:began'> = { id: 'w1', by, limitMs: 30_000, ...(e2ee && { e2ee }) };
    relay.emit('whisper:began', whisper);
  };
  const browserOf = () => browser.services.at(-1);
  const opener = browserOf()?.opening();
  return { browser, relay, sealing, ear, ends, player, told, state, began, opener };
}

const received = (guard: MediaGuard): FakeEnd => {
  const end: FakeEnd = {};
  guard.dress(end as RTCRtpReceiver);
  return end;
};

/** Nadia's page: she hears that commercial, and may speak to them. */
async function hearing(settings: E2eeSettings, stream: StreamSeal | undefined, claims: object = {}) {
  const browser = new FakeBrowser();
  browser.install();
  const relay = new FakeRelay();
  relay.ready(admin(NADIA.id));
  relay.answers['listen:select'] = () => ({ status: 'live', liveForMs: 0, ...(stream && { e2ee: stream }) });
  const begun: ParamsOf<'whisper:begin'>[] = [];
  relay.answers['whisper:begin'] = (params) => {
    begun.push(params);
    return { id: 'w1', limitMs: 30_000 };
  };
  const sealing = new Sealing('open', settings, token(claims), () => {});
  const link = sealedLink(relay, sealing);
  await settle();
  await link.request('listen:select', { commercialId: 'c1' });
  const peers = new FakePeers();
  /** Connections for the microphone, and whether a track may go over each. */
  const sends: { readonly end: FakeEnd; readonly allowed: () => boolean }[] = [];
  const states: WhisperState[] = [];
  const whisperer = new Whisperer<string>({
    relay: link,
    sealing,
    page: new FakePage(),
    log: () => {},
    sound: () => ({ duck: () => {}, accompany: () => {} }),
    commit: (state) => states.push(state),
    openMicrophone: new FakeMicrophones().open,
    createPeer: (servers, onState, guard) => {
      const end = received(guard);
      sends.push({ end, allowed: () => guard.allows(end as RTCRtpSender) });
      return peers.create(servers, onState);
    },
  });
  close.push(() => whisperer.close());
  whisperer.changed({ commercialId: 'c1', voice: true, cues: true, by: null });
  const opener = browser.services.at(-1)?.opening();
  return { browser, relay, link, sealing, whisperer, sends, begun, opener, state: () => states.at(-1) as WhisperState };
}

type Opener =
  | ((frame: { data: ArrayBuffer }, pass: (frame: { data: ArrayBuffer }) => void) => Promise<void>)
  | undefined;

/** One frame, from whoever seals to whoever opens. @returns what is heard; null: silence */
async function carry(from: FakeBrowser, opener: Opener, byte: number): Promise<number | null> {
  let wire: Uint8Array<ArrayBuffer> | null = null;
  await from.service.seal({ data: Uint8Array.of(0x78, byte).buffer }, ({ data }) => {
    wire = new Uint8Array(data.slice(0));
  });
  if (!wire) return null;
  let heard: number | null = null;
  await opener?.({ data: (wire as Uint8Array<ArrayBuffer>).buffer }, ({ data }) => {
    heard = new Uint8Array(data)[1] ?? null;
  });
  return heard;
}

/** Both, and the admin has heard something. */
async function both(cleo: E2eeSettings, nadia: E2eeSettings) {
  const rep = await wearing(cleo);
  const manager = await hearing(nadia, rep.told.stream);
  const hear = (byte: number) => carry(rep.browser, manager.opener, byte);
  const speak = (byte: number) => carry(manager.browser, rep.opener, byte);
  return { rep, manager, hear, speak };
}

describe('a sealed whisper', () => {
  it('is opened by whom it is for: its salt is its own at each press, and no transform is missing', async () => {
    const { rep, manager, hear, speak } = await both(withKeys(key(1)), withKeys(key(1)));
    assert.deepEqual(rep.told.allowed, [{ voice: true, cues: true, e2ee: true }]);
    assert.ok(rep.ends.at(-1)?.transform, 'what the ear receives passes a transform from the start');
    assert.equal(await hear(1), 1);
    await manager.whisperer.press();
    assert.ok(manager.sends[0]?.end.transform && manager.sends[0].allowed());
    const seal = manager.begun[0]?.e2ee;
    assert.match(seal?.salt ?? '', /^[\w-]{22}$/);
    assert.notEqual(seal?.salt, rep.told.stream?.salt);
    assert.equal(await speak(1), null, 'nothing is opened before the page was told');
    rep.began(seal);
    assert.deepEqual([rep.player.audible, rep.state().speaking?.by], [true, NADIA]);
    assert.deepEqual([await speak(2), await speak(3)], [2, 3]);
    manager.whisperer.release();
    await manager.whisperer.press();
    assert.equal(manager.sends.length, 1, 'over the same connection');
    assert.notEqual(manager.begun[1]?.e2ee?.salt, seal?.salt);
    assert.equal(await speak(4), null, 'under another salt than the page knows');
    rep.relay.emit('whisper:ended', { id: 'w1', reason: 'stopped' });
    rep.began(manager.begun[1]?.e2ee);
    assert.equal(await speak(5), 5);
    assert.deepEqual(rep.told.stops, []);
  });

  it('takes the key that opens what is heard: an admin of several teams has many, of any number', async () => {
    const { rep, manager, hear, speak } = await both(withKeys(key(1, 5)), withKeys(key(1, 4), key(2), key(1, 5)));
    await hear(1);
    await manager.whisperer.press();
    rep.began(manager.begun[0]?.e2ee);
    assert.equal(await speak(2), 2);
    // The team goes over to its next key while somebody speaks.
    rep.sealing.set(withKeys(key(3), key(1, 5)));
    manager.sealing.set(withKeys(key(1, 4), key(3), key(1, 5)));
    await settle();
    await pause(20);
    assert.equal(await hear(3), 3);
    rep.sealing.set(withKeys(key(3)));
    await settle();
    await pause(20);
    assert.equal(await speak(4), 4);
  });

  it('is not begun before anything was opened, and by nobody with another key, or none: the code says which', async () => {
    const fresh = await both(withKeys(key(1)), withKeys(key(1)));
    await fresh.manager.whisperer.press();
    assert.equal(fresh.manager.state().failure?.code, 'e2ee_key_missing');
    for (const [settings, code] of [
      [withKeys(key(1, 9)), 'e2ee_cannot_decrypt'],
      [withKeys(key(2)), 'e2ee_key_missing'],
    ] as const) {
      const { manager, hear } = await both(withKeys(key(1)), settings);
      for (let frame = 0; frame < 7; frame += 1) {
        assert.equal(await hear(frame), null);
        await pause(100);
      }
      await manager.whisperer.press();
      assert.deepEqual([manager.state().failure?.code, manager.begun], [code, []]);
    }
  });

  it('whose key goes away ends, in words: nothing more is sent, and nothing in the clear', async () => {
    const { rep, manager, hear, speak } = await both(withKeys(key(1)), withKeys(key(1)));
    await hear(1);
    await manager.whisperer.press();
    rep.began(manager.begun[0]?.e2ee);
    assert.equal(await speak(1), 1);
    manager.sealing.set({ ...NOTHING, keys: [] });
    await settle();
    assert.deepEqual([manager.state().phase, manager.state().failure?.code], ['off', 'e2ee_key_missing']);
    assert.equal(await speak(2), null);
  });
});

describe('a commercial whose stream is sealed', () => {
  it('plays no whisper that is not, whatever the relay says, and tells both sides why', async () => {
    const rep = await wearing(withKeys(key(1)));
    rep.began();
    assert.deepEqual([rep.player.audible, rep.state().speaking], [false, null]);
    assert.deepEqual(rep.state().ended, { by: NADIA, reason: 'e2ee_required' });
    await settle();
    assert.deepEqual(rep.told.stops, ['e2ee_required']);
    let passed = 0;
    await rep.opener?.({ data: Uint8Array.of(0x78, 1).buffer }, () => {
      passed += 1;
    });
    assert.equal(passed, 0, 'and what comes all the same is dropped');
  });

  for (const [what, keys, code] of [
    ['sealed with another key of that number', key(1, 9), 'e2ee_cannot_decrypt'],
    ['of which it has no key', key(2), 'e2ee_key_missing'],
  ] as const) {
    it(`hears silence of a whisper ${what}, and ends it: ${code}`, async () => {
      const { rep, manager, hear, speak } = await both(withKeys(key(1)), withKeys(key(1)));
      await hear(1);
      await manager.whisperer.press();
      rep.began(manager.begun[0]?.e2ee);
      rep.sealing.set(withKeys(keys));
      await settle();
      await pause(20);
      for (let frame = 0; frame < 7; frame += 1) {
        assert.equal(await speak(frame), null);
        await pause(100);
      }
      await settle();
      assert.deepEqual([rep.player.audible, rep.state().ended?.reason], [false, code]);
      assert.deepEqual(rep.told.stops, [code]);
      assert.equal(rep.sealing.fault, null, 'the stream itself is as it was');
    });
  }

  it('hears nothing that is said under another name, or to somebody else', async () => {
    const { rep, manager, hear, speak } = await both(withKeys(key(1)), withKeys(key(1)));
    await hear(1);
    await manager.whisperer.press();
    rep.began(manager.begun[0]?.e2ee, { id: 'a2', name: 'Sophie' });
    assert.equal(await speak(1), null);
    const other = await wearing(withKeys(key(1)), 'c2');
    other.began(manager.begun[0]?.e2ee);
    assert.equal(await carry(manager.browser, other.opener, 2), null);
  });

  it('hears nothing of an older whisper in a newer one', async () => {
    const { rep, manager, hear } = await both(withKeys(key(1)), withKeys(key(1)));
    await hear(1);
    await manager.whisperer.press();
    rep.began(manager.begun[0]?.e2ee);
    const late: Uint8Array<ArrayBuffer>[] = [];
    await manager.browser.service.seal({ data: Uint8Array.of(0x78, 1).buffer }, ({ data }) => {
      late.push(new Uint8Array(data.slice(0)));
    });
    rep.relay.emit('whisper:ended', { id: 'w1', reason: 'stopped' });
    manager.whisperer.release();
    await manager.whisperer.press();
    rep.began(manager.begun[1]?.e2ee);
    let passed = 0;
    for (const frame of late) await rep.opener?.({ data: frame.buffer }, () => (passed += 1));
    assert.deepEqual([late.length, passed], [1, 0]);
  });

  it('hears on in a session that was resumed, and opens what comes over a connection that was made anew', async () => {
    const { rep, manager, hear, speak } = await both(withKeys(key(1)), withKeys(key(1)));
    await hear(1);
    await manager.whisperer.press();
    rep.began(manager.begun[0]?.e2ee);
    rep.relay.set('offline');
    assert.deepEqual([rep.player.audible, rep.state().ended?.reason], [false, 'page_away']);
    rep.relay.ready(commercial('c1'), { resumed: true, hasMedia: true });
    await settle();
    assert.deepEqual(rep.told.allowed.at(-1), { voice: true, cues: true, e2ee: true });
    rep.relay.emit('media:lost', { reason: 'worker_died' });
    await settle();
    assert.ok(rep.ends.length > 1 && rep.ends.every(({ transform }) => transform));
    manager.whisperer.release();
    await manager.whisperer.press();
    rep.began(manager.begun.at(-1)?.e2ee);
    assert.equal(await speak(7), 7);
  });
});

describe('where the stream is not sealed', () => {
  it('a whisper is not either, and both pages make their connections as ever', async () => {
    const { rep, manager } = await both(NOTHING, NOTHING);
    assert.deepEqual(rep.told.allowed, [{ voice: true, cues: true }]);
    await manager.whisperer.press();
    assert.deepEqual(manager.begun, [{}]);
    rep.began();
    assert.deepEqual(
      [rep.player.audible, rep.ends[0]?.transform, manager.sends[0]?.end.transform],
      [true, undefined, undefined],
    );
  });

  it('until keys come: what is said ends, and the ear is connected anew with a transform', async () => {
    const rep = await wearing(NOTHING);
    rep.began();
    assert.ok(rep.player.audible);
    rep.sealing.set(withKeys(key(1)));
    await settle();
    assert.deepEqual([rep.player.audible, rep.state().ended?.reason], [false, 'e2ee_required']);
    assert.ok(rep.ends.at(-1)?.transform);
  });

  it('a whisper that says to be sealed is not played: this page could not open it', async () => {
    const rep = await wearing(NOTHING);
    rep.began({ salt: 'AAAAAAAAAAAAAAAAAAAAAA', tag: 1 });
    assert.deepEqual([rep.player.audible, rep.state().ended?.reason], [false, 'e2ee_key_missing']);
  });

  it('an admin whose token asks for it sends nothing', async () => {
    const manager = await hearing(withKeys(key(1)), undefined, { e2ee: 'required' });
    await manager.whisperer.press();
    assert.deepEqual([manager.state().failure?.code, manager.begun], ['e2ee_key_missing', []]);
    const without = await hearing(NOTHING, undefined, { e2ee: 'required' });
    await without.whisperer.press();
    assert.deepEqual([without.state().phase, without.begun], ['off', []]);
    assert.ok(without.sends.every(({ end, allowed }) => end.transform || !allowed()));
    assert.equal(await carry(without.browser, undefined, 1), null);
  });

  it('an admin with keys speaks as is heard: when the stream is sealed from now on, over another connection', async () => {
    const manager = await hearing(withKeys(key(1)), undefined);
    await manager.whisperer.press();
    assert.equal(manager.state().phase, 'speaking');
    assert.ok(manager.sends[0]?.allowed());
    const rep = await wearing(withKeys(key(1)));
    assert.ok(rep.told.stream);
    manager.relay.emit('listen:changed', { commercialId: 'c1', status: 'live', liveForMs: 0, e2ee: rep.told.stream });
    await settle();
    assert.deepEqual([manager.state().failure?.code, manager.sends[0]?.allowed()], ['e2ee_required', false]);
    assert.equal(await carry(rep.browser, manager.opener, 1), 1);
    await manager.whisperer.press();
    assert.deepEqual([manager.sends.length, manager.sends[1]?.allowed()], [2, true]);
    assert.ok(manager.sends[1]?.end.transform && manager.begun[1]?.e2ee);
  });
});
