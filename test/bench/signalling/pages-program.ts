/**
 * The pages of the signalling bench, as a process of their own. Told what to do by its arguments (which trial, the relay's port, how
 * many commercials and admins), it connects them, says `ready`, begins at the first message and answers every message with its counts.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { tokenOf } from '../../../relay/signalling/testing/live-relay.ts';
import { admin, commercial } from '../../../relay/streams/testing/scene.ts';
import { summarise } from '../../harness/statistics.ts';
import { RawPage } from './raw-page.ts';
import { recordedVoice, restlessVoice, type Voice } from './voices.ts';

/** How often a page of the widgets wants an answer to a level. */
const ANSWER_MS = 2_000;
/** How far one speaker is behind the other in what all of them say. */
const SPREAD_MS = 997;
const TICK_MS = 5;
/** So many admins choose the commercial in each hundredth of a second. */
const CHOOSE_AT_ONCE = 5;

const [trial, ...numbers] = process.argv.slice(2);
const [port = 0, commercials = 0, admins = 0] = numbers.map(Number);
const name = (kind: string, i: number): string => `${kind}-${String(i).padStart(4, '0')}`;

/** A page that tells how loud its commercial speaks. */
class Speaker {
  readonly #page: RawPage;
  readonly #voice: Voice;
  readonly #offsetMs: number;
  #told: number;
  #answeredAt = Number.NEGATIVE_INFINITY;

  constructor(page: RawPage, voice: Voice, i: number) {
    this.#page = page;
    this.#voice = voice;
    this.#offsetMs = SPREAD_MS * i;
    this.#told = this.#due(this.#offsetMs);
  }

  speak(now: number): void {
    const due = this.#due(now + this.#offsetMs);
    for (; this.#told < due; this.#told += 1) {
      const level = { level: this.#voice.levels[this.#told % this.#voice.levels.length]?.level };
      // As the widgets do: one in two seconds wants an answer.
      if (now - this.#answeredAt < ANSWER_MS) this.#page.tell('stream:voice', level);
      else {
        this.#answeredAt = now;
        void this.#page.request('stream:voice', level);
      }
    }
  }

  /** How many levels are told until then. */
  #due(ms: number): number {
    const { lengthMs, levels } = this.#voice;
    const rest = ms % lengthMs;
    return Math.floor(ms / lengthMs) * levels.length + levels.filter(({ atMs }) => atMs <= rest).length;
  }
}

/** Somebody connects and goes live. */
async function live(i: number, onEvent: ((text: string) => void) | null = null): Promise<RawPage> {
  const user = commercial(name('commercial', i), 'Nord', `Commercial ${i}`);
  const page = await RawPage.open(port, tokenOf(user), onEvent);
  await page.request('publish:offer', { mode: 'connect', sdp: 'an offer' });
  await page.request('stream:start', {});
  return page;
}

function watch(i: number, onEvent: ((text: string) => void) | null = null): Promise<RawPage> {
  return RawPage.open(port, tokenOf(admin(name('admin', i), ['Nord'], `Admin ${i}`)), onEvent);
}

/** Everybody connects, some at a time. */
async function openAll(count: number, open: (i: number) => Promise<RawPage>): Promise<RawPage[]> {
  const pages: RawPage[] = [];
  while (pages.length < count) {
    const some = Math.min(50, count - pages.length);
    pages.push(...(await Promise.all(Array.from({ length: some }, (_, i) => open(pages.length + i)))));
  }
  return pages;
}

/** All commercials speak, each at another place of the voice; all admins watch. */
async function speaking(voices: readonly Voice[]): Promise<void> {
  const speakers = (await openAll(commercials, live)).map(
    (page, i) => new Speaker(page, voices[i % voices.length] ?? restlessVoice, i),
  );
  const watchers = await openAll(admins, watch);
  begin(() => {
    const start = performance.now();
    setInterval(() => {
      for (const speaker of speakers) speaker.speak(performance.now() - start);
    }, TICK_MS);
  }, watchers);
}

/** All admins choose the same commercial, whose page says that it shows them as soon as it has been told. */
async function choosing(): Promise<void> {
  let newest = 0;
  let working = false;
  const connected = Promise.withResolvers<RawPage>();
  /** As the widgets do: one acknowledgement at a time, of the newest. */
  const show = async (): Promise<void> => {
    const page = await connected.promise;
    for (let seen = 0; seen < newest; ) {
      seen = newest;
      await page.request('demand:seen', { version: seen });
    }
    working = false;
  };
  const star = await live(0, (text) => {
    const version = /^42\["demand:changed",\{"version":(\d+)/.exec(text)?.[1];
    if (!version) return;
    newest = Number(version);
    if (!working) void show();
    working = true;
  });
  connected.resolve(star);
  const heardAfter: number[] = [];
  const chosenAt = new Map<number, number>();
  const watchers = await openAll(admins, (i) =>
    watch(i, (text) => {
      const at = chosenAt.get(i);
      if (at === undefined || !text.startsWith('42["listen:changed"') || !text.includes('"status":"live"')) return;
      chosenAt.delete(i);
      heardAfter.push(performance.now() - at);
    }),
  );
  begin(
    async () => {
      for (const [i, watcher] of watchers.entries()) {
        chosenAt.set(i, performance.now());
        void watcher.request('listen:select', { commercialId: name('commercial', 0) });
        if (i % CHOOSE_AT_ONCE === CHOOSE_AT_ONCE - 1) await wait(10);
      }
    },
    [star],
    () => ({ let: heardAfter.length, letP95Ms: heardAfter.length > 0 ? summarise(heardAfter).p95 : 0 }),
  );
}

/** Says that everybody is there, and tells from the first message on what came to these pages. */
function begin(go: () => unknown, counted: readonly RawPage[], more: () => object = () => ({})): void {
  let begun = false;
  process.on('message', () => {
    if (!begun) void go();
    begun = true;
    const bytes = counted.reduce((sum, page) => sum + page.bytes, 0);
    const notifications = counted.reduce((sum, page) => sum + page.notifications, 0);
    process.send?.({ type: 'counts', bytes, notifications, ...more() });
  });
  process.send?.({ type: 'ready' });
}

process.on('disconnect', () => process.exit(0));
if (trial === 'choosing') await choosing();
else await speaking(trial === 'speaking' ? [0.1, 0.25, 0.5, 1, 2].map(recordedVoice) : [restlessVoice]);
