/** The model's world with a policy that changes, clocks that are set, and texts to acknowledge. */
import assert from 'node:assert/strict';
import { type PolicyFile, policyFile } from '../../policy/policy-schema.ts';
import { policyOf } from '../../policy/team-policy.ts';
import { Usage } from '../../policy/usage.ts';
import { STEPS, type Step } from './model-steps.ts';
import { COMMERCIALS, type Heard, type ModelPage, ModelWorld } from './model-world.ts';
import { type Hearing, PolicyOracle } from './policy-oracle.ts';

/** Just before the hours of the policies end, so that runs get there. */
const START = Date.parse('2026-06-03T09:52:00Z');
const PURPOSES = ['training', 'help'].map((id) => ({ id, label: { en: id } }));
const EVERY_DAY = Object.fromEntries(
  ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['09:00-10:00', '10:05-11:00']]),
);

const HOURS = [null, null, { timeZone: 'UTC', days: EVERY_DAY }];
const LIMITS = [
  null,
  { longestListening: '1m', restBetween: '90s', warnBefore: '20s' },
  { heardPerDay: '2m' },
  { oneAdminPerDay: '1m', warnBefore: '0s' },
  { longestStream: '2m', maxListeners: 1 },
  { maxListeners: 1 },
];
const CONSENTS = [null, null, { version: 'v1', text: { en: 'They may listen.' } }, { version: 'v2', claim: true }];

/** A policy by number; each section of it is missing in many. */
export function policyFrom(choice: number): PolicyFile {
  return policyFile.parse({
    version: 1,
    teams: { '*': rulesFrom(choice), ...(choice % 4 === 3 && { Sud: rulesFrom(Math.floor(choice / 7)) }) },
  });
}

function rulesFrom(choice: number) {
  let left = choice;
  const pick = <T>(list: readonly T[]): T | null => {
    const chosen = list[left % list.length] ?? null;
    left = Math.floor(left / list.length);
    return chosen;
  };
  return {
    limits: pick(LIMITS),
    hours: pick(HOURS),
    purposes: pick([[], PURPOSES, PURPOSES.slice(0, 1)]) ?? [],
    consent: pick(CONSENTS),
    nobodyMayHear: pick([[], [], ['hugo']]) ?? [],
  };
}

/** What is put in the place of something that is right, so that the model must find it. */
export interface Mutant {
  /** What the guard is told of the policy. */
  readonly lie?: (file: PolicyFile) => PolicyFile;
  /** The relay believes that a page shows what it was sent. */
  readonly sentIsShown?: boolean;
  /** Pauses do not come through. */
  readonly deafToPauses?: boolean;
}

/** A policy's world; to be made once for each run. */
export class PolicyWorld {
  readonly world: ModelWorld;
  readonly mutant: Mutant;
  readonly #oracle: PolicyOracle;
  readonly #wall: () => number;
  #offset = 0;

  /** @param first number of the policy that holds at first */
  constructor(tick: (ms: number) => void, first: number, mutant: Mutant = {}) {
    const began = Date.now();
    const steady = (): number => Date.now();
    const wall = (): number => START + Date.now() - began + this.#offset;
    this.mutant = mutant;
    this.#wall = wall;
    this.#oracle = new PolicyOracle(policyFrom(first), steady, wall);
    const of = (team: string) => policyOf(mutant.lie?.(this.#oracle.file) ?? this.#oracle.file, team);
    this.world = new ModelWorld(tick, {
      maxStreamMs: 0,
      policy: { policy: { exists: true, tag: 'one', of }, usage: new Usage({ steady, wall }), wall },
      judge: (heard) => this.#oracle.judge(this.#hearings(heard)),
      passed: (ms, heard) => this.#oracle.passed(ms, this.#hearings(heard)),
    });
  }

  /** Another policy holds from now on. */
  reload(choice: number): void {
    this.#oracle.file = policyFrom(choice);
    this.world.scene.registry.policyChanged();
  }

  /** Somebody sets the clock on the wall. */
  setClock(ms: number): void {
    this.#offset += ms;
    this.#oracle.clockSet();
  }

  /** The commercial acknowledges the text in their page. */
  consent(page: ModelPage): void {
    this.world.request(page, (session) => {
      this.world.scene.registry.consent(session, 'v1');
      this.#oracle.acknowledged(page.id, 'v1');
    });
  }

  /** Everybody who hears stands in the audit trail, as one whose hearing has begun and not ended. */
  checkTrail(): void {
    const open = new Map<string, string>();
    for (const entry of this.world.scene.trail) {
      if (entry.event === 'hearing_began') open.set(entry.hearing, `${entry.admin} ${entry.commercial}`);
      if (entry.event === 'hearing_ended') open.delete(entry.hearing);
    }
    const kept = new Set(open.values());
    for (const { ear, mouth } of this.world.hearing()) {
      assert.ok(kept.has(`${ear.id} ${mouth.id}`), `${ear.id} hears ${mouth.id}, and the audit trail does not say so`);
    }
  }

  /** What the clock on the wall shows. */
  get wall(): number {
    return this.#wall();
  }

  #hearings(heard: readonly Heard[]): Hearing[] {
    return heard.flatMap(({ ear, mouth }) => {
      const { user } = mouth.session;
      if (user.role !== 'commercial') return [];
      return {
        commercial: mouth.id,
        equipe: user.equipe,
        stream: this.world.scene.registry.publishing.streamOf(mouth.id)?.id ?? '',
        claimed: mouth.session.consent,
        admin: ear.id,
        purpose: ear.purpose,
        shownPurpose: mouth.shown.purposeOf(ear.id),
      };
    });
  }
}

function tune({ world }: PolicyWorld, page: ModelPage, choice: number): void {
  if (page.role !== 'admin') return;
  const purpose = ['training', 'help', null, 'training'][choice % 4] ?? null;
  world.request(page, (session) => {
    world.scene.registry.listening.select(session, COMMERCIALS[(choice >> 2) % 2] ?? '', choice % 3 === 0, purpose);
    page.purpose = purpose;
  });
}

type PolicyStep = (world: PolicyWorld, page: ModelPage, choice: number) => void;

/** What may happen beside what may happen without a policy. */
const OWN: Readonly<Record<string, PolicyStep>> = {
  tune,
  leaveAndComeBack: (own, page, choice) => {
    STEPS.leave(own.world, page);
    tune(own, page, choice);
  },
  acknowledgeText: (own, page) => {
    if (page.role === 'commercial') own.consent(page);
  },
  object: ({ world, mutant }, page) => {
    if (page.role !== 'commercial' || !page.connected || !page.live) return;
    page.paused = true;
    if (mutant.deafToPauses) return;
    world.request(page, (session) => world.scene.registry.publishing.pause(session, true, 'objection'));
  },
  reload: (own, _page, choice) => own.reload(choice),
  setClock: (own, _page, choice) => own.setClock(([-30, -4, 4, 9, 40, 700][choice % 6] ?? 0) * 60_000),
  sleep: ({ world }, _page, choice) => world.advance([20_000, 45_000, 65_000, 130_000][choice % 4] ?? 0),
  endToken: ({ world }, page, choice) => {
    const { user } = page.session;
    page.session.refresh({ user, expiresAt: Date.now() + (choice % 2 === 0 ? 1_000 : 3_600_000) });
    if (choice % 2 === 0) world.advance(1_500);
  },
};

/** The names of all steps. */
export const POLICY_STEPS: readonly string[] = [...new Set([...Object.keys(STEPS), ...Object.keys(OWN)])];

/** Lets the step happen. */
export async function takeStep(
  own: PolicyWorld,
  { what, page, choice }: Omit<Step, 'what'> & { readonly what: string },
) {
  const { world, mutant } = own;
  await world.take((chosen) => {
    const mine = OWN[what];
    if (mine) mine(own, chosen, choice);
    else STEPS[what as keyof typeof STEPS](world, chosen, choice);
    // The relay is told what no page has said.
    if (!mutant.sentIsShown) return;
    for (const one of world.pages) {
      const sent = one.inbox.at(-1)?.version;
      if (sent !== undefined) world.request(one, (session) => world.scene.registry.publishing.seen(session, sent));
    }
  }, page);
  own.checkTrail();
}
