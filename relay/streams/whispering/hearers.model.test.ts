/** In any order of events, however late: nobody hears a whisper whom the page of who speaks does not show, whatever of it that page shows by now. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import type { AudioSource } from '../../media/media.ts';
import type { Whisperer } from '../../protocol/whisper-messages.ts';
import type { Session } from '../session.ts';
import { type Candidate, Hearers } from './hearers.ts';

const PEOPLE = 4;

type Step = { readonly what: 'may' | 'rename' | 'deliver' | 'acknowledge' | 'arrive'; readonly who: number };
const steps = fc.array(
  fc.record({
    what: fc.constantFrom<Step['what']>('may', 'may', 'rename', 'deliver', 'acknowledge', 'arrive'),
    who: fc.nat(PEOPLE - 1),
  }),
  { minLength: 5, maxLength: 60, size: 'max' },
);

type Page = Pick<Session, 'notify'>;

interface Told {
  readonly version: number;
  readonly names: readonly string[];
}

/** Who may hear, the page of who speaks, and all that is on its way between them. */
class World {
  readonly #source = {} as AudioSource;
  readonly #sessions: Page[] = [];
  readonly #names: string[] = [];
  readonly #may = new Set<number>();
  readonly #hears = new Set<Page>();
  /** On its way to the page, and what of it the page has not acknowledged. */
  readonly #underWay: Told[] = [];
  readonly #answers: number[] = [];
  #shows: Told = { version: 0, names: [] };
  readonly hearers: Hearers<Page>;
  heard = 0;

  /** @param careless takes what was told for what is shown */
  constructor(careless: boolean) {
    for (let who = 0; who < PEOPLE; who += 1) {
      this.#sessions.push({ notify: () => {} });
      this.#names.push(`p${who}`);
    }
    this.hearers = new Hearers({
      id: 'w1',
      by: { id: 'ada', name: 'Ada' },
      commercialId: 'cleo',
      source: this.#source,
      seal: null,
      ears: {
        hear: (session, source) => void (source ? this.#hears.add(session) : this.#hears.delete(session)),
      },
      tell: (version, hearers) => {
        this.#underWay.push({ version, names: hearers.map(({ name }) => name) });
        if (careless) queueMicrotask(() => this.hearers.seen(version));
      },
    });
  }

  take({ what, who }: Step): void {
    if (what === 'may') {
      if (!this.#may.delete(who)) this.#may.add(who);
      this.#look();
    } else if (what === 'rename') {
      this.#names[who] = `${this.#names[who]}'`;
      this.#look();
    } else if (what === 'deliver') this.#deliver();
    else if (what === 'acknowledge') this.#acknowledge();
    else {
      while (this.#underWay.length > 0) this.#deliver();
      while (this.#answers.length > 0) this.#acknowledge();
    }
  }

  check(): void {
    for (const [who, session] of this.#sessions.entries()) {
      if (!this.#hears.has(session)) continue;
      this.heard += 1;
      const name = this.#names[who] ?? '';
      assert.ok(this.#may.has(who), `${name} hears it and may not`);
      for (const { version, names } of [this.#shows, ...this.#underWay])
        assert.ok(names.includes(name), `${name} hears it, and version ${version} does not show them`);
    }
  }

  end(): void {
    this.hearers.end();
    assert.equal(this.#hears.size, 0, 'it is over, and heard on');
    for (const answer of this.#answers) this.hearers.seen(answer);
    this.hearers.look(this.#candidates());
    assert.equal(this.#hears.size, 0, 'it is over');
  }

  #look(): void {
    this.hearers.look(this.#candidates());
  }

  #candidates(): Candidate<Page>[] {
    return [...this.#may].map((who) => {
      const admin: Whisperer = { id: `id${who}`, name: this.#names[who] ?? '' };
      return { session: this.#sessions[who] as Page, admin };
    });
  }

  #deliver(): void {
    const told = this.#underWay.shift();
    if (!told) return;
    this.#shows = told;
    this.#answers.push(told.version);
  }

  #acknowledge(): void {
    const answer = this.#answers.shift();
    if (answer !== undefined) this.hearers.seen(answer);
  }
}

async function search(careless: boolean) {
  let heard = 0;
  const details = await fc.check(
    fc.asyncProperty(steps, async (all) => {
      const world = new World(careless);
      for (const step of all) {
        world.take(step);
        await Promise.resolve();
        world.check();
      }
      heard += world.heard;
      world.end();
    }),
    { numRuns: 2_000 },
  );
  return { details, heard };
}

it('in any order of events who speaks is heard by nobody whom their page does not show', async () => {
  const { details, heard } = await search(false);
  if (details.failed) throw new Error(fc.defaultReportMessage(details) ?? 'failed', { cause: details.errorInstance });
  assert.ok(heard > 10_000, `somebody heard it only ${heard} times: the runs prove little`);
});

it('a relay that takes what was told for what is shown is found', async () => {
  const { details } = await search(true);
  assert.match(String(details.errorInstance), /does not show them/);
});
