import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { BoundedOutput, type Trouble } from './bounded-output.ts';

/** 1,000 characters with its end. */
const LINE = `${'x'.repeat(999)}\n`;
/** What fits, of such lines. */
const FITS = Math.floor((1024 * 1024) / LINE.length);

/** Takes what it is given when the test says so. */
class SlowStream extends Writable {
  readonly taken: string[] = [];
  #waiting: ((error?: Error) => void) | null = null;
  #open = false;

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(line: string, _encoding: string, done: (error?: Error | null) => void): void {
    const take = (error?: Error) => {
      if (!error) this.taken.push(line);
      done(error);
    };
    if (this.#open) take();
    else this.#waiting = take;
  }

  /** What is being written fails, as on a full disk or a pipe whose reader is gone. */
  async fail(message: string): Promise<void> {
    const closed = new Promise((resolve) => this.once('close', resolve));
    this.#waiting?.(new Error(message));
    await closed;
  }

  async takeAll(): Promise<void> {
    this.#open = true;
    this.#waiting?.();
    this.#waiting = null;
    await new Promise((resolve) => this.write('', resolve));
    this.#open = false;
  }
}

function output(stream: Writable, reopen: { after: number; stream: Writable } | null = null) {
  const troubles: Trouble[] = [];
  const streams = [stream, ...(reopen ? [reopen.stream] : [])];
  const bounded = new BoundedOutput({
    open: () => streams.shift() ?? assert.fail('opened too often'),
    reopenAfterMs: reopen?.after ?? null,
    onTrouble: (trouble) => troubles.push(trouble),
  });
  return { bounded, troubles };
}

const notice = z.object({ level: z.literal('warn'), time: z.iso.datetime(), dropped: z.number(), msg: z.string() });

describe('an output that is read too slowly', () => {
  it('keeps what fits, loses and counts the rest, and tells it where lines are missing', async () => {
    const stream = new SlowStream();
    const { bounded, troubles } = output(stream);
    for (let line = 0; line < FITS + 500; line += 1) bounded.write(LINE);
    assert.equal(bounded.dropped, 500);
    assert.deepEqual(troubles, [{ reason: null }], 'said once');
    await stream.takeAll();
    assert.equal(stream.taken.filter((line) => line === LINE).length, FITS);

    bounded.write('first again\n');
    await stream.takeAll();
    const [told, again] = stream.taken.slice(-3);
    assert.equal(notice.parse(JSON.parse(told ?? '')).dropped, 500);
    assert.equal(again, 'first again\n');
    for (let line = 0; line < FITS + 1; line += 1) bounded.write(LINE);
    assert.equal(troubles.length, 2, 'the next time it is said again');
  });

  it('once full takes nothing before half of it is free', async () => {
    const stream = new SlowStream();
    const { bounded } = output(stream);
    for (let line = 0; line < FITS + 1; line += 1) bounded.write(LINE);
    const { writableLength } = stream;
    bounded.write('x\n');
    assert.equal(stream.writableLength, writableLength, 'a short line would have fitted');
    assert.equal(bounded.dropped, 2);
  });

  it('has room for the audit trail when it has none for others', () => {
    const { bounded } = output(new SlowStream());
    for (let line = 0; line < FITS + 10; line += 1) bounded.write(LINE);
    assert.equal(bounded.dropped, 10);
    for (let line = 0; line < FITS; line += 1) bounded.write(LINE, true);
    assert.equal(bounded.dropped, 10);
    for (let line = 0; line < 10; line += 1) bounded.write(LINE, true);
    assert.ok(bounded.dropped >= 19, `${bounded.dropped}`);
  });

  it('is not waited for at the end for longer than it is given', async () => {
    const stream = new SlowStream();
    const { bounded } = output(stream);
    await bounded.written(60_000);
    bounded.write(LINE);
    await bounded.written(20);
    assert.equal(stream.taken.length, 0);
    const written = bounded.written(60_000);
    await stream.takeAll();
    await written;
    assert.ok(stream.taken.includes(LINE));
  });
});

describe('an output that fails', () => {
  it('loses what waited and what comes, says why, and goes on when it can be opened again', async () => {
    const [broken, mended] = [new SlowStream(), new SlowStream()];
    const { bounded, troubles } = output(broken, { after: 0, stream: mended });
    for (let line = 0; line < 3; line += 1) bounded.write(LINE);
    await broken.fail('ENOSPC: no space left on device');
    assert.deepEqual(troubles, [{ reason: 'ENOSPC: no space left on device' }]);
    assert.equal(bounded.dropped, 3);
    bounded.write('after\n');
    await mended.takeAll();
    assert.equal(notice.parse(JSON.parse(mended.taken[0] ?? '')).dropped, 3);
    assert.equal(mended.taken[1], 'after\n');
    assert.equal(bounded.dropped, 3);
  });

  it('and cannot be opened again takes nothing more', async () => {
    const broken = new SlowStream();
    const { bounded, troubles } = output(broken);
    bounded.write(LINE);
    await broken.fail('write EPIPE');
    for (let line = 0; line < 5; line += 1) bounded.write(LINE);
    await bounded.written(60_000);
    assert.equal(bounded.dropped, 6);
    assert.equal(troubles.length, 1);
  });
});
