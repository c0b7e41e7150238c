import type { AdminPerson } from '../../../demo/server/people.ts';
import type { AdminPage, CommercialPage } from '../../harness/person-page.ts';
import { atMost, type Finding, same } from '../measure/finding.ts';

/** Long enough for ten packets, short enough to see a moment. */
const LOOK_MS = 200;

/** Looks all the time at how many voices an admin's page receives, and whether a page of the commercial shows that admin meanwhile. */
export class Watch {
  readonly #commercials: readonly CommercialPage[];
  readonly #admin: AdminPage;
  readonly #name: string;
  readonly #looking: Promise<void>;
  #over = false;
  #looks = 0;
  #mostVoices = 0;
  #unseen = 0;

  /** @param commercials the commercial's page, or all of them */
  constructor(commercials: readonly CommercialPage[], admin: AdminPage, person: AdminPerson) {
    this.#commercials = commercials;
    this.#admin = admin;
    this.#name = person.name;
    this.#looking = this.#look();
    // Whoever ends it hears of a failure; until then it is nobody's.
    this.#looking.catch(() => undefined);
  }

  /** @param what stands before the findings' names */
  async end(what = ''): Promise<Finding[]> {
    this.#over = true;
    await this.#looking;
    if (this.#looks === 0) throw new Error('The watch has never looked.');
    return [
      same(`${what}heard while not shown, looks of ${LOOK_MS} ms`, this.#unseen, 0),
      atMost(`${what}voices at once to the admin`, this.#mostVoices, 1, ''),
    ];
  }

  /** Someone who is shown before or after a look was on the way in or out. */
  async #look(): Promise<void> {
    let shown = await this.#shown();
    while (!this.#over) {
      const voices = await this.#admin.probe.voices(LOOK_MS);
      const shownAfter = await this.#shown();
      if (voices > 0 && !shown && !shownAfter) this.#unseen += 1;
      this.#mostVoices = Math.max(this.#mostVoices, voices);
      this.#looks += 1;
      shown = shownAfter;
    }
  }

  async #shown(): Promise<boolean> {
    const texts = await Promise.all(this.#commercials.map((page) => page.text()));
    return texts.some((text) => text.includes(this.#name));
  }
}
