import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import type { Page } from 'puppeteer-core';
import { type AdminPerson, type CommercialPerson, EQUIPES, type Person } from '../../demo/server/people.ts';
import { AuditDirectory } from '../../relay/audit/audit-directory.ts';
import { createLogger } from '../../relay/logger.ts';
import type { AdminPage, CommercialPage } from './person-page.ts';
import { System, type SystemOptions } from './system.ts';
import { waitUntil } from './wait.ts';

/** An entry of the trail, as `GET /api/audit` answers it. */
export type TrailEntry = { readonly event: string } & Readonly<Record<string, unknown>>;

/** Somebody was heard for so long. */
export interface Heard {
  readonly commercial: CommercialPerson;
  readonly admin: AdminPerson;
  readonly ms: number;
}

/** A trial system whose relay has a policy that can be changed, and stores its audit trail. */
export class PolicySystem {
  readonly system: System;
  /** Of everything that is written for it. */
  readonly #folder: string;
  readonly #file: string;

  private constructor(system: System, folder: string, file: string) {
    this.system = system;
    this.#folder = folder;
    this.#file = file;
  }

  /**
   * @param rules of every team
   * @param heard earlier today, as the trail has it
   */
  static async start(rules: object, heard: readonly Heard[] = [], options: SystemOptions = {}): Promise<PolicySystem> {
    const folder = mkdtempSync(join(tmpdir(), 'policy-'));
    const file = join(folder, 'policy.json');
    writePolicy(file, rules, {});
    const root = join(folder, 'audit');
    mkdirSync(root);
    await writeHeard(root, heard);
    const relayEnv = { POLICY_FILE: file, AUDIT_DIR: root, NODE_ID: 'one', ...options.relayEnv };
    return new PolicySystem(await System.start({ ...options, relayEnv }), folder, file);
  }

  /** Where the relay keeps the trail. */
  get auditDir(): string {
    return join(this.#folder, 'audit');
  }

  /** Another policy, by a signal as operators give it; resolves when it holds. */
  async change(rules: object, audit: object = {}): Promise<void> {
    const { log, relay } = this.system;
    const since = log.join('').length;
    writePolicy(this.#file, rules, audit);
    if (relay.pid === undefined) throw new Error('the relay is not there');
    process.kill(relay.pid, 'SIGHUP');
    const said = () => log.join('').slice(since);
    await waitUntil('word of the policy', () => /"policy loaded"|cannot be used/.test(said()));
    if (said().includes('cannot be used')) throw new Error(said());
  }

  /** The stored trail, oldest first. @param reader whose token asks for it; by default an auditor's of all teams */
  async trail(reader?: Person): Promise<readonly TrailEntry[]> {
    const { secret, issuer, audience } = this.system.tokens;
    const { id, ...claims } = reader ?? { id: 'auditor', role: 'auditor', name: 'Auditor', equipes: EQUIPES };
    const token = jwt.sign(claims, secret, { subject: id, issuer, audience, expiresIn: 60 });
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${this.system.relayUrl}/api/audit?limit=500`, { headers });
    if (!answer.ok) throw new Error(`the trail was refused: ${await answer.text()}`);
    return ((await answer.json()) as { entries: TrailEntry[] }).entries;
  }

  /** With everything that was written for it. */
  async close(): Promise<void> {
    await this.system.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What the relay of before has counted. */
async function writeHeard(root: string, heard: readonly Heard[]): Promise<void> {
  const trail = await AuditDirectory.open({
    root,
    chain: 'one',
    retentionDays: () => null,
    logger: createLogger('silent'),
  });
  for (const { commercial, admin, ms } of heard) {
    const who = { hearing: randomUUID(), stream: 'earlier', commercial: commercial.id, admin: admin.id };
    const { equipe } = commercial;
    trail.record({ event: 'hearing_began', ...who, equipe });
    trail.record({
      event: 'hearing_ended',
      ...who,
      equipe,
      cause: 'asked',
      heardMs: ms,
      connectedMs: ms,
      pausedMs: 0,
    });
  }
  await trail.close();
}

function writePolicy(file: string, rules: object, audit: object): void {
  writeFileSync(file, JSON.stringify({ version: 1, audit, teams: { '*': rules } }));
}

/** Counts in a page how often it vibrated and sounded: headless browsers can do neither. */
export async function countSigns(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    const signs = { touches: 0, tones: 0 };
    Object.assign(globalThis, { signs });
    Object.defineProperty(navigator, 'vibrate', {
      configurable: true,
      value: () => {
        signs.touches += 1;
        return true;
      },
    });
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (this: OscillatorNode, when?: number) {
      signs.tones += 1;
      start.call(this, when);
    };
  });
}

const ELEMENT = ':is(prospect-stream-button, prospect-listen-panel)';

/** Presses the control that has this CSS part, with a real click. */
export async function press({ page }: CommercialPage | AdminPage, part: string): Promise<void> {
  const handle = await page.waitForSelector(`${ELEMENT} >>> [part=${part}]`, { visible: true, timeout: 15_000 });
  await handle?.click();
  await handle?.dispose();
}

/** Waits for the dialog of this CSS part, and reads it. */
export async function shown({ page }: CommercialPage | AdminPage, part: string): Promise<string> {
  const handle = await page.waitForSelector(`${ELEMENT} >>> dialog[part=${part}][open]`, { timeout: 15_000 });
  const text = await handle?.evaluate((dialog) => dialog.textContent);
  await handle?.dispose();
  return (text ?? '').replace(/\s+/g, ' ').trim();
}
