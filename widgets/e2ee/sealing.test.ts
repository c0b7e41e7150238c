import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { KeyRing } from './key-ring.ts';
import { Opener } from './opener.ts';
import { REPLAY_WINDOW, ReplayWindow } from './replay-window.ts';
import { MAX_COUNTER, Sealer } from './sealer.ts';
import { readHeader } from './sframe-header.ts';
import { newSeal, partsOf, streamOf, type TeamKey, whisperOf } from './stream-seal.ts';

const teamKey = async (id: number, fill: number): Promise<TeamKey> => ({
  id,
  key: await crypto.subtle.importKey('raw', new Uint8Array(32).fill(fill), 'HKDF', false, ['deriveBits']),
});
const first = await teamKey(1, 1);
const second = await teamKey(2, 2);

const FRAME = Uint8Array.from([0x78, 1, 2, 3]);

/** The frame, or why there is none. */
async function opened(opener: Opener, sealed: Uint8Array): Promise<Uint8Array | string> {
  const out = await opener.open(sealed);
  return typeof out === 'string' ? out : out.frame;
}

function opening(keys: readonly TeamKey[], ...streams: readonly (readonly [string, Sealer])[]) {
  const ring = new KeyRing();
  ring.setKeys(keys);
  for (const [id, sealer] of streams) ring.addStream(id, sealer.seal);
  return { ring, opener: new Opener(ring) };
}

async function sealed(sealer: Sealer, frame = FRAME): Promise<Uint8Array<ArrayBuffer>> {
  const out = await sealer.sealFrame(frame);
  assert.ok(out);
  return out;
}

describe('Sealer and Opener', () => {
  it('carry a frame with 23 bytes more, under a key id that names the team’s key and the stream', async () => {
    const sealer = new Sealer('lea', 0x1_0000);
    sealer.use(first);
    const out = await sealed(sealer);
    assert.equal(out.length, FRAME.length + 23);
    assert.deepEqual(partsOf(readHeader(out)?.kid ?? 0n), { keyId: 1n, tag: sealer.seal.tag });
    const { opener } = opening([second, first], ['lea', sealer]);
    assert.deepEqual(await opened(opener, out), FRAME);
  });

  it('seal nothing without a key, and nothing when the counter is used up', async () => {
    const sealer = new Sealer('lea', MAX_COUNTER);
    assert.equal(await sealer.sealFrame(FRAME), null);
    sealer.use(first);
    assert.ok(await sealer.sealFrame(FRAME));
    assert.equal(await sealer.sealFrame(FRAME), null);
    const other = new Sealer('lea');
    other.use(first);
    other.use(null);
    assert.equal(await other.sealFrame(FRAME), null);
  });

  it('make no packet of an empty frame, which is how a browser passes over silence', async () => {
    const sealer = new Sealer('lea');
    sealer.use(first);
    assert.equal(await sealer.sealFrame(new Uint8Array()), null);
    assert.equal(readHeader(await sealed(sealer))?.counter, 0n, 'it takes no counter');
  });

  it('never use a counter twice, over changes of the key and frames at once', async () => {
    const sealer = new Sealer('lea');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(first, second), { maxLength: 20 }), async (keys) => {
        const frames = keys.map((key) => {
          sealer.use(key);
          return sealed(sealer);
        });
        const counters = (await Promise.all(frames)).map((frame) => readHeader(frame)?.counter);
        for (const counter of counters) {
          assert.ok(counter !== undefined && !seen.has(counter));
          seen.add(counter);
        }
      }),
      { numRuns: 20 },
    );
  });
  const seen = new Set<bigint>();

  it('give each stream a salt and a tag of its own, so that equal frames are never sealed alike', async () => {
    const salts = new Set(Array.from({ length: 50 }, () => Buffer.from(newSeal().salt).toString('hex')));
    assert.equal(salts.size, 50);
    const sealers = ['lea', 'lea', 'tom'].map((id) => new Sealer(id));
    const out = await Promise.all(
      sealers.map((sealer) => {
        sealer.use(first);
        return sealed(sealer);
      }),
    );
    assert.equal(new Set(out.map((frame) => Buffer.from(frame.slice(-20)).toString('hex'))).size, 3);
  });

  it('say why a frame cannot be opened', async () => {
    const sealer = new Sealer('lea');
    sealer.use(first);
    const out = await sealed(sealer);
    assert.equal(await opened(opening([first]).opener, out), 'unknown_stream');
    assert.equal(await opened(opening([second], ['lea', sealer]).opener, out), 'unknown_key');
    assert.equal(await opened(opening([await teamKey(1, 9)], ['lea', sealer]).opener, out), 'not_genuine');
    // The same salt told of another commercial is another stream.
    assert.equal(await opened(opening([first], ['tom', sealer]).opener, out), 'not_genuine');
    assert.equal(await opened(opening([first], ['lea', sealer]).opener, new Uint8Array(0)), 'malformed');
  });

  it('say which stream and which key it was', async () => {
    const sealer = new Sealer('lea');
    sealer.use(first);
    const { opener, ring } = opening([second, first], ['lea', sealer]);
    const out = await opener.open(await sealed(sealer));
    assert.ok(typeof out !== 'string');
    assert.equal(out.key, first);
    assert.equal(out.stream, ring.addStream('lea', sealer.seal));
  });

  it('keep streams and whispers apart: no key of one opens the other, whatever the ids', async () => {
    const bindings = [
      streamOf('lea'),
      whisperOf('nadia', 'lea'),
      whisperOf('lea', 'nadia'),
      whisperOf('nadia', 'tom'),
      streamOf('["nadia","lea"]'),
      whisperOf('nadia","lea', ''),
    ];
    assert.equal(new Set(bindings).size, bindings.length);
    const [stream = '', whisper = '', back = ''] = bindings;
    const sealer = new Sealer(whisper);
    sealer.use(first);
    const out = await sealed(sealer);
    for (const other of [stream, back])
      assert.equal(await opened(opening([first], [other, sealer]).opener, out), 'not_genuine');
    assert.deepEqual(await opened(opening([first], [whisper, sealer]).opener, out), FRAME);
  });

  it('find the key among several of one number: two teams may count alike', async () => {
    const sealer = new Sealer('lea');
    sealer.use(first);
    const { opener } = opening([await teamKey(1, 7), first], ['lea', sealer]);
    assert.deepEqual(await opened(opener, await sealed(sealer)), FRAME);
  });

  it('take over a new connection what may be late still, and nothing older that was recorded', async () => {
    const sealer = new Sealer('lea');
    sealer.use(first);
    const frames = [];
    for (let count = 0; count <= REPLAY_WINDOW; count += 1) frames.push(await sealed(sealer));
    const { ring, opener } = opening([first], ['lea', sealer]);
    assert.deepEqual(await opened(opener, frames.at(-1) ?? FRAME), FRAME);
    const anew = new Opener(ring);
    assert.equal(await opened(anew, frames[0] ?? FRAME), 'replayed');
    assert.deepEqual(await opened(anew, frames[1] ?? FRAME), FRAME);
    assert.deepEqual(
      await opened(anew, frames.at(-1) ?? FRAME),
      FRAME,
      'two connections may carry the same for a while',
    );
  });

  it('take each frame once, and derive each key once, for an admin of many teams that all count from one', async (t) => {
    const sealer = new Sealer('lea');
    sealer.use(first);
    const others = await Promise.all(Array.from({ length: 30 }, (_, at) => teamKey(1, 100 + at)));
    const { opener } = opening([...others, first], ['lea', sealer]);
    const out = await sealed(sealer);
    assert.deepEqual(await opened(opener, out), FRAME);
    assert.equal(await opened(opener, out), 'replayed');
    const derived = t.mock.method(crypto.subtle, 'deriveBits');
    const tried = t.mock.method(crypto.subtle, 'decrypt');
    assert.deepEqual(await opened(opener, await sealed(sealer)), FRAME);
    assert.deepEqual([derived.mock.callCount(), tried.mock.callCount()], [0, 1], 'the key that fits is tried first');
  });

  it('open a frame with the wrong key’s successor as soon as that is there', async () => {
    const sealer = new Sealer('lea');
    sealer.use(first);
    const { ring, opener } = opening([second], ['lea', sealer]);
    assert.equal(await opened(opener, await sealed(sealer)), 'unknown_key');
    ring.setKeys([second, first]);
    assert.deepEqual(await opened(opener, await sealed(sealer)), FRAME);
    ring.setKeys([second]);
    assert.equal(await opened(opener, await sealed(sealer)), 'unknown_key');
  });

  it('take each frame once, also when it comes twice at the same time, and late ones in any order', async () => {
    const sealer = new Sealer('lea');
    sealer.use(first);
    const { opener } = opening([first], ['lea', sealer]);
    const frames = [];
    for (let count = 0; count < 30; count += 1) frames.push(await sealed(sealer));
    const shuffled = [...frames].sort((a, b) => (a.at(-1) ?? 0) - (b.at(-1) ?? 0));
    const once = await Promise.all([...shuffled, ...shuffled].map((frame) => opened(opener, frame)));
    assert.equal(once.filter((frame) => frame === 'replayed').length, 30);
    assert.equal(once.filter((frame) => frame instanceof Uint8Array).length, 30);
    // Another connection carries the same frames once more.
    const { opener: other } = opening([first], ['lea', sealer]);
    assert.deepEqual(await opened(other, frames[3] ?? FRAME), FRAME);
  });

  it('keep no more than eight streams, the least lately told of goes', async () => {
    const streams = Array.from({ length: 9 }, (_, at) => [`c${at}`, new Sealer(`c${at}`)] as const);
    for (const [, sealer] of streams) sealer.use(first);
    const { opener, ring } = opening([first], ...streams);
    const [gone, kept] = [streams[0]?.[1], streams[1]?.[1]];
    assert.ok(gone && kept);
    assert.equal(await opened(opener, await sealed(gone)), 'unknown_stream');
    assert.deepEqual(await opened(opener, await sealed(kept)), FRAME);
    ring.addStream('c0', gone.seal);
    assert.deepEqual(await opened(opener, await sealed(gone)), FRAME);
    assert.equal(await opened(opener, await sealed(kept)), 'unknown_stream');
  });
});

describe('ReplayWindow', () => {
  it('takes each counter once, and none that is older than the window: as a set would', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5_000 }), { maxLength: 300 }), (counters) => {
        const window = new ReplayWindow();
        const seen = new Set<number>();
        let newest = -1;
        for (const counter of counters) {
          const expected = !seen.has(counter) && (counter > newest || newest - counter < REPLAY_WINDOW);
          assert.equal(window.takes(counter), expected);
          assert.equal(window.note(counter), expected);
          if (expected) seen.add(counter);
          newest = Math.max(newest, counter);
        }
      }),
    );
  });
});
