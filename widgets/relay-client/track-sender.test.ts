import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TrackSender } from './track-sender.ts';

interface FakeTrack {
  readonly name: string;
  enabled: boolean;
}
const track = (name: string): FakeTrack => ({ name, enabled: true });
const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

/** A browser's sender: the test lets each step end, and `track` changes only then. */
class SlowSender {
  track: FakeTrack | null = null;
  /** What was asked, in order. */
  readonly asked: (string | null)[] = [];
  readonly #steps: { done(): void; fail(): void }[] = [];
  readonly sender = new TrackSender<FakeTrack>((next) => {
    this.asked.push(next?.name ?? null);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#steps.push({
      done: () => {
        this.track = next;
        resolve();
      },
      fail: () => reject(new Error('closed')),
    });
    return promise;
  });

  async step(outcome: 'done' | 'fail' = 'done'): Promise<void> {
    this.#steps.shift()?.[outcome]();
    await settle();
  }

  /** What can be heard at the other end. */
  get audible(): string | null {
    return this.track?.enabled ? this.track.name : null;
  }
}

describe('the sender of a track', () => {
  it('is silenced at once by a pause that comes while the track is being set, and ends without it', async () => {
    const browser = new SlowSender();
    const microphone = track('a');
    const first = browser.sender.send(microphone);
    const second = browser.sender.send(null);
    assert.equal(microphone.enabled, false);
    await browser.step();
    assert.equal(browser.audible, null);
    await browser.step();
    await Promise.all([first, second]);
    assert.equal(browser.track, null);
    assert.deepEqual(browser.asked, ['a', null]);
    assert.equal(microphone.enabled, true, 'the level meter hears again');
  });

  it('is silenced at once while the browser is slow to take the track away', async () => {
    const browser = new SlowSender();
    const microphone = track('a');
    void browser.sender.send(microphone);
    await browser.step();
    assert.equal(browser.audible, 'a');
    void browser.sender.send(null);
    assert.equal(browser.audible, null);
    await browser.step();
    assert.equal(browser.track, null);
  });

  it('sends when that is the newest wish, also after a pause of the same moment', async () => {
    const browser = new SlowSender();
    const microphone = track('a');
    void browser.sender.send(microphone);
    await browser.step();
    void browser.sender.send(null);
    const last = browser.sender.send(microphone);
    await browser.step();
    assert.equal(microphone.enabled, true);
    await browser.step();
    await last;
    assert.equal(browser.audible, 'a');
  });

  it('leaves out what was wanted only in between', async () => {
    const browser = new SlowSender();
    const [a, b, c] = ['a', 'b', 'c'].map(track);
    void browser.sender.send(a ?? null);
    void browser.sender.send(b ?? null);
    void browser.sender.send(null);
    void browser.sender.send(c ?? null);
    await browser.step();
    await browser.step();
    assert.deepEqual(browser.asked, ['a', 'c']);
    assert.equal(browser.audible, 'c');
    assert.deepEqual([a?.enabled, b?.enabled], [true, true]);
  });

  it('stays silent when a pause fails, and tries again with the next wish', async () => {
    const browser = new SlowSender();
    const microphone = track('a');
    void browser.sender.send(microphone);
    await browser.step();
    const failed = assert.rejects(browser.sender.send(null), /closed/);
    await browser.step('fail');
    await failed;
    assert.equal(browser.audible, null);
    const again = browser.sender.send(null);
    await browser.step();
    await again;
    assert.equal(browser.track, null);
  });

  it('gives tracks back when the connection is closed, and asks no more', async () => {
    const browser = new SlowSender();
    const microphone = track('a');
    void browser.sender.send(microphone);
    void browser.sender.send(null);
    browser.sender.close();
    assert.equal(microphone.enabled, true);
    await browser.step();
    await browser.sender.send(microphone);
    assert.deepEqual(browser.asked, ['a']);
  });

  it('leaves a track alone that somebody else has silenced', async () => {
    const browser = new SlowSender();
    const microphone = track('a');
    microphone.enabled = false;
    void browser.sender.send(microphone);
    void browser.sender.send(null);
    await browser.step();
    await browser.step();
    assert.equal(microphone.enabled, false);
  });
});
