/**
 * `npm run bench -- --whisper`: how long it takes from an admin's press until the commercial hears them, in the demo's real pages: the press, the relay, the page that shows who
 * speaks, the tone, and the first sound of the voice that is not muted any more. The first press, which asks for the microphone, is not counted.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { lea, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { summarise } from '../harness/statistics.ts';
import { System } from '../harness/system.ts';
import { textTable } from '../harness/text-table.ts';
import { reading } from '../harness/voices.ts';
import { type Sound, writeWav } from '../harness/wav.ts';

/** Milliseconds from the press to the ear, 95 of 100 times. */
const EXPECTED_P95_MS = 150;
/** The relay lets an admin begin once in two seconds, after the first few. */
const BETWEEN_MS = 2_200;
const PIECE_MS = 50;
const LOUD = 0.05;

declare global {
  var whisperTimes: { pressed: number; heard: Promise<number>; listen(): void };
}

/** Notes when something is pressed, and when a media element that is not muted plays a sound; by the machine's clock, which both browsers have. */
function watch(): void {
  const now = () => performance.timeOrigin + performance.now();
  const players = new Set<HTMLMediaElement>();
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function (...args) {
    players.add(this);
    return play.apply(this, args);
  };
  const heard = (): Promise<number> =>
    new Promise((resolve) => {
      const timer = setInterval(() => {
        const audible = [...players].some((player) => !player.muted && !player.paused && player.srcObject);
        if (!audible || prospectProbe.loudness(30) < 0.005) return;
        clearInterval(timer);
        resolve(now());
      }, 4);
    });
  const times = {
    pressed: 0,
    heard: Promise.resolve(0),
    listen: () => {
      times.heard = heard();
    },
  };
  globalThis.whisperTimes = times;
  const press = (): void => {
    times.pressed = now();
  };
  addEventListener('pointerdown', press, true);
}

/** A voice that never pauses: a press may come at any moment. */
function withoutPauses({ rate, samples }: Sound): Sound {
  const size = Math.round((rate * PIECE_MS) / 1000);
  const loud: number[] = [];
  for (let at = 0; at + size <= samples.length; at += size) {
    const piece = samples.subarray(at, at + size);
    const energy = piece.reduce((sum, sample) => sum + sample * sample, 0);
    if (Math.sqrt(energy / size) > LOUD) loud.push(...piece);
  }
  return { rate, samples: Float32Array.from(loud) };
}

/** @returns milliseconds of each press @throws Error when something is not heard at all */
export async function measureWhispers(samples: number): Promise<readonly number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'prospect-whisper-'));
  const policy = join(folder, 'policy.yaml');
  const voice = join(folder, 'voice.wav');
  await writeFile(policy, 'version: 1\nteams:\n  "*":\n    whisper: true\n');
  writeWav(voice, withoutPauses(reading()));
  const system = await System.start({ relayEnv: { POLICY_FILE: policy } });
  const phone = await launchBrowser();
  const desk = await launchBrowser({ microphone: voice });
  const prepare = async (page: Page): Promise<void> => {
    await page.evaluateOnNewDocument(watch);
  };
  try {
    const commercial = await CommercialPage.open(phone, system, lea, prepare);
    const admin = await AdminPage.open(desk, system, sophie, prepare);
    await commercial.goLive();
    await admin.hear(lea);
    const switchOn = await commercial.page.waitForSelector('>>> [part="earpiece"]');
    await switchOn?.evaluate((node) => (node as HTMLElement).click());
    const button = await admin.page.waitForSelector('>>> [part="whisper-hold"][aria-disabled="false"]');
    if (!button) throw new Error('Nobody may whisper.');
    const times: number[] = [];
    for (let sample = -1; sample < samples; sample += 1) {
      await commercial.page.evaluate(() => whisperTimes.listen());
      await button.hover();
      await admin.page.mouse.down();
      const heard = await commercial.page.evaluate(() => whisperTimes.heard);
      const pressed = await admin.page.evaluate(() => whisperTimes.pressed);
      await admin.page.mouse.up();
      if (sample >= 0) times.push(heard - pressed);
      await sleep(BETWEEN_MS);
    }
    return times;
  } finally {
    await Promise.all([phone.close(), desk.close()]);
    await system.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The times as a table, with what is expected. */
export function renderWhispers(times: readonly number[]): string {
  const { count, median, p95, min, max } = summarise(times);
  const row = [median, p95, min, max].map((ms) => `${Math.round(ms)} ms`);
  const head = ['from press to ear', 'presses', 'p50', 'p95', 'least', 'most', 'p95 at most'];
  return textTable([head, ['whisper', String(count), ...row, `${EXPECTED_P95_MS} ms`]], [1, 2, 3, 4, 5, 6]);
}

/** What is slower than expected. */
export function missedWhispers(times: readonly number[]): readonly string[] {
  return summarise(times).p95 > EXPECTED_P95_MS ? ['whisper'] : [];
}
