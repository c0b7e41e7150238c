import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import { FakeBrowser, type FakeEnd } from '../e2ee/testing/fake-worker.ts';
import { ProspectError } from '../shared/fault.ts';
import { sealedLink } from './sealed-link.ts';
import { type E2eeSettings, Sealing } from './sealing.ts';
import { admin, commercial, FakeRelay } from './testing/fake-relay.ts';

const key = (id: number, fill = id) => ({ id, key: new Uint8Array(32).fill(fill) });
const NONE: E2eeSettings = { keys: null, rotation: null, workerUrl: null };
const withKeys = (...keys: ReturnType<typeof key>[]): E2eeSettings => ({ ...NONE, keys });
const token = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await setImmediate();
};

let browser: FakeBrowser;
beforeEach(() => {
  browser = new FakeBrowser();
  browser.install();
});

/** The commercial's side with a link whose requests can be read. */
async function publishing(settings: E2eeSettings, claims: object = {}) {
  const relay = new FakeRelay();
  relay.status = 'online';
  const starts: unknown[] = [];
  relay.answers['stream:start'] = (params) => {
    starts.push(params);
    return { streamId: 's', liveForMs: 0 };
  };
  Object.assign(relay, { session: { user: commercial('c1') } });
  const sealing = new Sealing('seal', settings, token(claims), () => {});
  const link = sealedLink(relay, sealing);
  await settle();
  return { relay, link, sealing, starts };
}

async function carried(from: FakeBrowser, to: FakeBrowser, bytes: Uint8Array): Promise<Uint8Array | null> {
  let out: Uint8Array | null = null;
  await from.service.seal({ data: Uint8Array.from(bytes).buffer }, (sealed) => {
    out = new Uint8Array(sealed.data);
  });
  if (!out) return null;
  const wire: Uint8Array = out;
  assert.notDeepEqual(wire, bytes);
  out = null;
  await to.service.opening()({ data: Uint8Array.from(wire).buffer }, (opened) => {
    out = new Uint8Array(opened.data);
  });
  return out;
}

describe('a page that seals', () => {
  it('without keys or claim changes nothing', async () => {
    const { link, sealing, starts } = await publishing(NONE);
    const end: FakeEnd = {};
    sealing.dress(end);
    assert.deepEqual([sealing.on, sealing.allows(end), end.transform], [false, true, undefined]);
    await link.request('stream:start', {});
    assert.deepEqual(starts, [{}]);
    assert.equal(browser.services.length, 0);
  });

  it('sends nothing before its transform is set, over no connection that was made before, and tells the relay a salt for each stream', async () => {
    const { link, sealing, starts } = await publishing(NONE);
    const older: FakeEnd = {};
    sealing.dress(older);
    let covers = 0;
    sealing.use({ changed: () => {}, cover: () => (covers += 1) });
    sealing.set(withKeys(key(1)));
    assert.equal(sealing.allows(older), false);
    await settle();
    assert.equal(covers, 1);
    const end: FakeEnd = {};
    sealing.dress(end);
    assert.ok(end.transform && sealing.allows(end));
    assert.equal(sealing.allows(older), false);
    await link.request('stream:start', {});
    await link.request('stream:start', { again: true });
    await link.request('stream:stop', {});
    await link.request('stream:start', {});
    const [first, again, next] = starts as { e2ee: { salt: string; tag: number } }[];
    assert.match(first?.e2ee.salt ?? '', /^[\w-]{22}$/);
    assert.deepEqual(again?.e2ee, first?.e2ee);
    assert.notEqual(next?.e2ee.salt, first?.e2ee.salt);
  });

  for (const [what, claims, settings] of [
    ['an empty list of keys', {}, { ...NONE, keys: [] }],
    ['a claim and no keys', { e2ee: 'required' }, NONE],
    ['a list with something wrong in it', {}, { ...NONE, keys: [{ id: -1, key: new Uint8Array(32) }] }],
    ['a key that is too short', {}, { ...NONE, keys: [{ id: 1, key: new Uint8Array(8) }] }],
  ] as const) {
    it(`with ${what} starts no stream and sends nothing`, async () => {
      const { link, sealing, starts } = await publishing(settings, claims);
      const end: FakeEnd = {};
      sealing.dress(end);
      await settle();
      await assert.rejects(link.request('stream:start', {}), { code: 'e2ee_key_missing' });
      assert.deepEqual([starts, sealing.allows(end), sealing.fault?.code], [[], false, 'e2ee_key_missing']);
    });
  }

  it('in a browser that cannot, or whose policy lets no worker start, starts no stream', async () => {
    browser.install(false);
    const old = await publishing(withKeys(key(1)));
    await assert.rejects(old.link.request('stream:start', {}), { code: 'e2ee_unsupported' });
    browser.install();
    browser.blocked = true;
    const strict = await publishing(withKeys(key(1)));
    await assert.rejects(strict.link.request('stream:start', {}), { code: 'e2ee_worker_blocked' });
    assert.deepEqual([old.starts, strict.starts], [[], []]);
    assert.equal(strict.sealing.allows({}), false);
  });

  it('is not said to seal when a list that cannot be used follows a good one at once', async () => {
    const { link, sealing, starts } = await publishing(withKeys(key(1)));
    sealing.set(withKeys(key(2)));
    sealing.set({ ...NONE, keys: [{ id: -1, key: new Uint8Array(32) }] });
    await settle();
    assert.equal(sealing.fault?.code, 'e2ee_key_missing');
    await assert.rejects(link.request('stream:start', {}), { code: 'e2ee_key_missing' });
    sealing.set(withKeys(key(3)));
    await settle();
    await link.request('stream:start', {});
    assert.deepEqual([starts.length, sealing.fault, sealing.sealed], [1, null, true]);
  });

  it('tries a worker that did not start again with the next press', async () => {
    browser.blocked = true;
    const { link, sealing } = await publishing(withKeys(key(1)));
    const end: FakeEnd = {};
    let covers = 0;
    sealing.use({ changed: () => {}, cover: () => (covers += 1) });
    sealing.dress(end);
    await assert.rejects(link.request('stream:start', {}), { code: 'e2ee_worker_blocked' });
    browser.blocked = false;
    await link.request('stream:start', {});
    assert.deepEqual([sealing.sealed, sealing.fault, covers, sealing.allows(end)], [true, null, 1, false]);
    sealing.close();
    const { length } = browser.services;
    sealing.set(withKeys(key(2)));
    await settle();
    assert.equal(browser.services.length, length, 'nothing starts once the element is gone');
  });

  it('takes another worker for one that answers no more, and lets nothing over what the dead one sealed', async (t) => {
    const { link, sealing, starts } = await publishing(withKeys(key(1)));
    const end: FakeEnd = {};
    sealing.dress(end);
    assert.equal(sealing.allows(end), true);
    browser.dead = true;
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const refused = assert.rejects(link.request('stream:start', {}), { code: 'e2ee_worker_blocked' });
    await settle();
    t.mock.timers.tick(5_000);
    await refused;
    assert.deepEqual([sealing.allows(end), sealing.fault?.code], [false, 'e2ee_worker_blocked']);
    browser.dead = false;
    await link.request('stream:start', {});
    const anew: FakeEnd = {};
    sealing.dress(anew);
    assert.deepEqual([browser.terminated.length, starts.length], [1, 1]);
    assert.deepEqual([sealing.allows(end), sealing.allows(anew)], [false, true]);
  });

  it('whose keys are taken away in the midst of a stream sends nothing more, and is not in the clear', async () => {
    const { link, sealing } = await publishing(withKeys(key(1)));
    const end: FakeEnd = {};
    sealing.dress(end);
    await link.request('stream:start', {});
    sealing.set(NONE);
    await settle();
    assert.deepEqual([sealing.allows(end), sealing.fault?.code], [false, 'e2ee_key_missing']);
    await assert.rejects(link.request('stream:start', { again: true }), { code: 'e2ee_key_missing' });
    assert.equal(await carried(browser, browser, Uint8Array.of(1)), null);
  });

  it('seals with a newer key only after a while, and with nothing once the list is empty', async () => {
    const rotation = { useAfterMs: 60, dropAfterMs: 200 };
    const { link, sealing } = await publishing({ ...withKeys(key(1)), rotation });
    await link.request('stream:start', {});
    const ids = async (): Promise<number | null> => {
      let id: number | null = null;
      await browser.service.seal({ data: new ArrayBuffer(4) }, ({ data }) => {
        id = new Uint8Array(data)[1] ?? null;
      });
      return id;
    };
    assert.equal(await ids(), 1);
    sealing.set({ ...withKeys(key(2), key(1)), rotation });
    await settle();
    assert.equal(await ids(), 1);
    await pause(100);
    assert.equal(await ids(), 2);
    sealing.set({ ...NONE, keys: [], rotation });
    await settle();
    assert.equal(await ids(), null);
  });
});

describe('a page that opens', () => {
  it('tells the relay so, opens what it learns of, and says in a word what cannot be opened', async () => {
    const speaking = await publishing(withKeys(key(1)));
    const sender = browser;
    await speaking.link.request('stream:start', {});
    const [{ e2ee }] = speaking.starts as [{ e2ee: { salt: string; tag: number } }];

    browser = new FakeBrowser();
    browser.install();
    const relay = new FakeRelay();
    relay.status = 'online';
    const asked: unknown[] = [];
    const told: unknown[] = [];
    relay.answers['listen:opening'] = (params) => {
      told.push(params);
      return {};
    };
    relay.answers['listen:select'] = (params) => {
      asked.push(params);
      return { status: 'live', liveForMs: 0, e2ee };
    };
    const sealing = new Sealing('open', withKeys(key(1, 9)), token({}), () => {});
    const link = sealedLink(relay, sealing);
    await link.request('listen:select', { commercialId: 'c1' });
    assert.deepEqual(asked, [{ commercialId: 'c1', e2ee: true }]);
    for (let frame = 0; frame < 8; frame += 1) {
      assert.equal(await carried(sender, browser, Uint8Array.of(7, frame)), null);
      await pause(100);
    }
    assert.deepEqual([sealing.fault?.code, sealing.sealed], ['e2ee_cannot_decrypt', false]);
    const cannot = { commercialId: 'c1', cannotOpen: 'e2ee_cannot_decrypt' };
    assert.deepEqual(told, [cannot], 'the commercial is to know');
    relay.ready(admin('a1'), { resumed: true, hasMedia: true });
    await link.request('listen:select', { commercialId: 'c1', again: true });
    assert.deepEqual(told, [cannot, cannot, cannot], 'and again where the relay may have forgotten it');
    sealing.set(withKeys(key(1)));
    await settle();
    assert.deepEqual(await carried(sender, browser, Uint8Array.of(7, 8)), Uint8Array.of(7, 8));
    await settle();
    assert.deepEqual([sealing.fault, sealing.sealed], [null, true]);
    assert.deepEqual(told.at(-1), { commercialId: 'c1', cannotOpen: null });
    const before = told.length;
    await link.request('listen:select', { commercialId: 'c2' });
    assert.equal(told.length, before, 'each selection begins as one that opens');
  });

  it('that gets its keys after it has selected, and before it has a connection, selects once more', async () => {
    const relay = new FakeRelay();
    relay.status = 'online';
    const asked: unknown[] = [];
    relay.answers['listen:select'] = (params) => {
      asked.push(params);
      return { status: 'waiting', liveForMs: null };
    };
    const sealing = new Sealing('open', NONE, token({}), () => {});
    const link = sealedLink(relay, sealing);
    await link.request('listen:select', { commercialId: 'c1' });
    sealing.set(withKeys(key(1)));
    await settle();
    assert.deepEqual(asked, [{ commercialId: 'c1' }, { commercialId: 'c1', again: true, e2ee: true }]);
    link.close();
  });

  it('opens nothing more once the host has taken the keys away, and says so', async () => {
    const speaking = await publishing(withKeys(key(1)));
    const sender = browser;
    await speaking.link.request('stream:start', {});
    const [{ e2ee }] = speaking.starts as [{ e2ee: { salt: string; tag: number } }];
    browser = new FakeBrowser();
    browser.install();
    const relay = new FakeRelay();
    relay.status = 'online';
    relay.answers['listen:select'] = () => ({ status: 'live', liveForMs: 0, e2ee });
    const sealing = new Sealing('open', withKeys(key(1)), token({}), () => {});
    const link = sealedLink(relay, sealing);
    await link.request('listen:select', { commercialId: 'c1' });
    assert.deepEqual(await carried(sender, browser, Uint8Array.of(1)), Uint8Array.of(1));
    sealing.set(NONE);
    await settle();
    await pause(5);
    assert.equal(await carried(sender, browser, Uint8Array.of(2)), null);
    assert.equal(sealing.fault?.code, 'e2ee_key_missing');
    sealing.set(withKeys(key(1)));
    await settle();
    assert.deepEqual(await carried(sender, browser, Uint8Array.of(3)), Uint8Array.of(3));
    assert.equal(sealing.fault, null);
    sealing.set(NONE);
    await link.request('listen:stop', {});
    assert.equal(sealing.fault, null, 'nobody is heard');
    link.close();
  });

  it('hears on what it heard when another selection is refused, sealed or not', async () => {
    const relay = new FakeRelay();
    relay.status = 'online';
    relay.answers['listen:select'] = ({ commercialId }) => {
      if (commercialId !== 'c1') throw new ProspectError('policy_protected', 'Not this one.');
      return { status: 'live', liveForMs: 0 };
    };
    const sealing = new Sealing('open', withKeys(key(1)), token({}), () => {});
    const link = sealedLink(relay, sealing);
    await settle();
    const open = browser.service.opening();
    let passed = 0;
    const frame = (): Promise<void> => open({ data: Uint8Array.of(0x78, 1, 2).buffer }, () => (passed += 1));
    await link.request('listen:select', { commercialId: 'c1' });
    await frame();
    const refused = ['c2', 'c3'].map((commercialId) => link.request('listen:select', { commercialId }));
    await Promise.allSettled(refused);
    await frame();
    assert.equal(passed, 2);
    const asked: unknown[] = [];
    relay.answers['listen:select'] = (params) => {
      asked.push(params.commercialId);
      return { status: 'live', liveForMs: 0 };
    };
    sealing.onCover?.();
    await settle();
    assert.deepEqual(asked, ['c1']);
    link.close();
  });

  it('plays nothing where its token asks for sealed streams and nothing opens them', async () => {
    browser.blocked = true;
    for (const claims of [{}, { e2ee: 'required' }]) {
      const sealing = new Sealing('open', withKeys(key(1)), token(claims), () => {});
      await settle();
      const end: FakeEnd = {};
      sealing.dress(end);
      assert.equal(sealing.allows(end), !('e2ee' in claims));
    }
    browser.blocked = false;
    const sealing = new Sealing('open', withKeys(key(1)), token({ e2ee: 'required' }), () => {});
    await settle();
    const end: FakeEnd = {};
    sealing.dress(end);
    assert.equal(sealing.allows(end), true);
  });

  it('plays what is not sealed only where the relay says that there is such a stream, and never when the token forbids it', async () => {
    for (const [claims, expected] of [
      [{}, true],
      [{ e2ee: 'required' }, false],
    ] as const) {
      browser = new FakeBrowser();
      browser.install();
      const relay = new FakeRelay();
      relay.status = 'online';
      const sealing = new Sealing('open', withKeys(key(1)), token(claims), () => {});
      const link = sealedLink(relay, sealing);
      await settle();
      const passed = { frames: 0 };
      const open = browser.service.opening();
      const frame = (): Promise<void> => open({ data: Uint8Array.of(0x78, 1, 2).buffer }, () => (passed.frames += 1));
      await frame();
      assert.ok(passed.frames < 1);
      await link.request('listen:select', { commercialId: 'c1' });
      await frame();
      assert.equal(passed.frames === 1, expected);
      await link.request('listen:stop', {});
      await frame();
      assert.equal(passed.frames === 1, expected);
    }
  });
});
