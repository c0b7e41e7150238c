import { mock } from 'node:test';
import { policyFile } from '../../policy/policy-schema.ts';
import { policyOf } from '../../policy/team-policy.ts';
import { Usage } from '../../policy/usage.ts';
import { admin, commercial, type FakePage, Scene, settle } from './scene.ts';

export const MINUTE = 60_000;
export const TRAINING = { id: 'training', label: { en: 'Training' } };
export const EVERY_DAY = Object.fromEntries(
  ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['09:00-18:00']]),
);
export const OFFICE = { timeZone: 'UTC', days: EVERY_DAY };

/** A relay with a policy that can be changed, and clocks that only `pass` moves. */
export class PolicyScene extends Scene {
  readonly time: { now: number };
  readonly rules: { tag: string; file: ReturnType<typeof policyFile.parse> };

  constructor(rules: unknown, start = '2026-06-03T10:00Z') {
    const time = { now: Date.parse(start) };
    const held = { tag: 'one', file: policyFile.parse({ version: 1, teams: { '*': rules } }) };
    const wall = (): number => time.now;
    super({
      policy: {
        exists: true,
        get tag() {
          return held.tag;
        },
        of: (team) => policyOf(held.file, team),
      },
      usage: new Usage({ steady: wall, wall }),
      wall,
    });
    this.time = time;
    this.rules = held;
  }

  /** Time goes by, with all timers that ring meanwhile. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1000) {
      const step = Math.min(left, 1000);
      this.time.now += step;
      mock.timers.tick(step);
    }
    await settle();
  }

  change(rules: unknown): void {
    this.rules.tag += '+';
    this.rules.file = policyFile.parse({ version: 1, teams: { '*': rules } });
    this.registry.policyChanged();
  }

  select(page: FakePage, id: string, purpose: string | null = null) {
    return this.registry.listening.select(page.session, id, false, purpose);
  }

  /** Cléo is live and Ada hears her. */
  async heard(purpose: string | null = null) {
    const cleo = await this.live(commercial('cleo'));
    const ada = await this.listening(admin('ada'));
    this.select(ada, 'cleo', purpose);
    await settle();
    return { cleo, ada };
  }

  get open(): string[] {
    const open = new Map<string, string>();
    for (const entry of this.trail) {
      if (entry.event === 'hearing_began') open.set(entry.hearing, entry.admin);
      if (entry.event === 'hearing_ended') open.delete(entry.hearing);
    }
    return [...open.values()].sort();
  }
}
