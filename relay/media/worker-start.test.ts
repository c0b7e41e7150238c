import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pino } from 'pino';
import type { MediaStartError } from './media-start-error.ts';

// mediasoup reads the variable when it is loaded, so everything that loads it comes after this.
const folder = mkdtempSync(join(tmpdir(), 'relay-worker-'));
after(() => rmSync(folder, { recursive: true }));
const program = join(folder, 'mediasoup-worker');
process.env.MEDIASOUP_WORKER_BIN = program;
const { AudioWorker } = await import('./audio-worker.ts');
const { explainStartFailure } = await import('./media-start-error.ts');

/** What is said of a worker that is this file. */
async function failureOf(content: string | Buffer | null, mode = 0o755): Promise<string> {
  rmSync(program, { force: true });
  if (content !== null) {
    writeFileSync(program, content);
    chmodSync(program, mode);
  }
  const listen = [{ ip: '127.0.0.1', announcedAddress: null }];
  const config = { workers: 1, basePort: 0, listen, audioBitrate: 32_000, audioPacketMs: 20 };
  try {
    await AudioWorker.start(0, config, pino({ level: 'silent' }), () => {}, 500);
  } catch (error) {
    assert(error instanceof Error && 'failure' in error);
    assert.equal((error as MediaStartError).failure, 'worker_failed');
    return error.message;
  }
  return assert.fail('it started');
}

describe('a worker that cannot start is told of in words, with what to do', () => {
  it('one that hangs, which is ended', async () => {
    const pidFile = join(folder, 'pid');
    const message = await failureOf(`#!/bin/sh\necho $$ > ${pidFile}\nexec sleep 600\n`);
    assert.match(message, /did not say within 0\.5 s that it runs, so it was ended/);
    assert.match(message, /Run "npm run setup"/);
    assert.throws(() => process.kill(Number(readFileSync(pidFile, 'utf8')), 0), /ESRCH/);
  });

  it('one for another kind of machine', async () => {
    const elf = readFileSync(process.execPath).subarray(0, 64);
    elf.writeUInt16LE(process.arch === 'arm64' ? 0x3e : 0xb7, 18);
    const mac = Buffer.from('cffaedfe0c000001', 'hex');
    const windows = Buffer.from('MZ 90');
    for (const content of [elf, mac, windows]) {
      const message = await failureOf(content);
      assert.match(message, /another kind of machine \((?:linux (?:arm64|x64)|darwin|win32)\) than this one/);
    }
  });

  it('one for another C library', async () => {
    // What the system says when a program is there, but not what loads it.
    assert.match(await failureOf('#!/no/such/loader\n'), /is there, but was built for another C library/);
  });

  it('one that is not there, or may not be run', async () => {
    assert.match(await failureOf(null), /There is no .*mediasoup-worker\. Run "npm run setup"/);
    assert.match(await failureOf('#!/bin/sh\n', 0o644), /needs the right to be executed \(chmod \+x\)/);
  });

  it('one that lacks a shared library', async () => {
    assert.match(await failureOf('#!/bin/sh\nexit 127\n'), /lacks something on this machine, such as a shared library/);
  });

  it('any other failure as it is', () => {
    const { message } = explainStartFailure(new Error('odd'));
    assert.equal(message, 'The media worker could not be started: odd.');
  });
});
