import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { LogFileError, openFirst } from './rotating-file.ts';

const root = mkdtempSync(join(tmpdir(), 'relay-log-'));
after(() => rmSync(root, { recursive: true }));

const write = (stream: Writable, text: string) =>
  new Promise<void>((resolve, reject) => stream.write(text, (error) => (error ? reject(error) : resolve())));
const end = (stream: Writable) => new Promise<void>((resolve) => stream.end(resolve));
const today = () => new Date().toISOString().slice(0, 10);

function newFolder(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  return folder;
}

describe('the log file', () => {
  it('goes on where it was left, and is for owner and group', async () => {
    const path = join(newFolder('goes-on'), 'relay.log');
    for (const line of ['one\n', 'two\n']) {
      const { stream } = await openFirst({ path, maxBytes: 10_000, keep: 2 });
      await write(stream, line);
      await end(stream);
    }
    assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\n');
    assert.equal(statSync(path).mode & 0o007, 0);
  });

  it('has a line of its own for what follows one that a full disk cut short', async () => {
    const path = join(newFolder('cut'), 'relay.log');
    for (const before of ['', 'whole\n', 'whole\nhal']) {
      writeFileSync(path, before);
      const { stream } = await openFirst({ path, maxBytes: 10_000, keep: 2 });
      await write(stream, 'next\n');
      await end(stream);
      assert.equal(readFileSync(path, 'utf8'), `${before}${/[^\n]$/.test(before) ? '\n' : ''}next\n`);
    }
  });

  it('that was cut short on an earlier day is put aside under that day', async () => {
    const folder = newFolder('cut-earlier');
    const path = join(folder, 'relay.log');
    writeFileSync(path, 'hal');
    const day = new Date('2026-03-04T15:00:00Z');
    utimesSync(path, day, day);
    const { stream } = await openFirst({ path, maxBytes: 10_000, keep: 2 });
    await end(stream);
    assert.ok(readdirSync(folder).includes('relay-2026-03-04.1.log'), readdirSync(folder).join());
  });

  it('is put aside when it is full; of those the newest are kept, and other files are left alone', async () => {
    const folder = newFolder('full');
    const path = join(folder, 'relay.log');
    writeFileSync(join(folder, 'relay-2020-01-01.1.log'), 'of somebody else');
    const { stream } = await openFirst({ path, maxBytes: 1_000, keep: 2 });
    for (let file = 0; file < 5; file += 1) await write(stream, `${String(file).repeat(999)}\n`);
    await write(stream, 'the rest\n');
    await end(stream);
    const files = readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort();
    assert.equal(files.length, 4, files.join());
    assert.ok(files.includes('relay.log') && files.includes('relay-2020-01-01.1.log'));
    assert.equal(readFileSync(path, 'utf8'), 'the rest\n');
    const aside = files.filter((name) => name.startsWith(`relay-${today()}.`));
    assert.deepEqual(aside.map((name) => readFileSync(join(folder, name), 'utf8')[0]).sort(), ['3', '4']);
  });

  it('of an earlier day is put aside under that day, whatever its size', async () => {
    const folder = newFolder('earlier');
    const path = join(folder, 'relay.log');
    writeFileSync(path, 'old\n');
    const day = new Date('2026-03-04T15:00:00Z');
    utimesSync(path, day, day);
    const { stream } = await openFirst({ path, maxBytes: 10_000, keep: 2 });
    await write(stream, 'new\n');
    await end(stream);
    assert.equal(readFileSync(path, 'utf8'), 'new\n');
    assert.equal(readFileSync(join(folder, 'relay-2026-03-04.1.log'), 'utf8'), 'old\n');
  });

  it('by a symbolic link is the one to which that leads, which keeps leading to it when it is full', async () => {
    const folder = newFolder('link');
    const target = join(newFolder('link-target'), 'real.log');
    writeFileSync(target, '');
    symlinkSync(target, join(folder, 'relay.log'));
    const { stream } = await openFirst({ path: join(folder, 'relay.log'), maxBytes: 1_000, keep: 2 });
    for (const text of ['1'.repeat(1_000), 'the rest']) await write(stream, `${text}\n`);
    await end(stream);
    assert.equal(readFileSync(join(folder, 'relay.log'), 'utf8'), 'the rest\n');
    assert.equal(readlinkSync(join(folder, 'relay.log')), target);
    assert.equal(readFileSync(target.replace('.log', `-${today()}.1.log`), 'utf8')[0], '1');
  });

  it('knows when another one, or none, stands at its path, and does not take its own putting aside for that', async () => {
    const path = join(newFolder('moved'), 'relay.log');
    const file = await openFirst({ path, maxBytes: 1_000, keep: 2 });
    assert.equal(await file.wasMoved(), false);
    for (let round = 0; round < 5; round += 1) {
      const written = write(file.stream, 'x'.repeat(1_000));
      assert.equal(await file.wasMoved(), false);
      await written;
    }
    assert.equal(await file.wasMoved(), false);
    renameSync(path, `${path}.1`);
    assert.equal(await file.wasMoved(), true, 'gone');
    writeFileSync(path, '');
    assert.equal(await file.wasMoved(), true, 'another');
    await end(file.stream);
  });

  it('that cannot be written is refused with the reason', async () => {
    const folder = newFolder('refused');
    await assert.rejects(openFirst({ path: folder, maxBytes: 10_000, keep: 2 }), LogFileError);
    writeFileSync(join(folder, 'file'), '');
    chmodSync(folder, 0o755);
    await assert.rejects(openFirst({ path: join(folder, 'file', 'relay.log'), maxBytes: 10_000, keep: 2 }), /ENOTDIR/);
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
    const link = { path: join(folder, 'link'), maxBytes: 10_000, keep: 2 };
    await assert.rejects(openFirst(link), /symbolic link that leads to no file/);
  });
});
