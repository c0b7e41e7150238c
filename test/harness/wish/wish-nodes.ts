import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../../relay/config.ts';
import { twoNodes } from '../relay/real-places.ts';
import type { RealRelay } from '../relay/real-relay.ts';
import { DEVICES_HEARD, policyText } from './wish-relay.ts';

/** Two nodes of a cluster that speak WHIP and WHEP, under one policy for every team, with a real Redis between them. */
export class WishNodes {
  readonly a: RealRelay;
  readonly b: RealRelay;
  readonly #folder: string;
  readonly #closing: (() => unknown)[];

  private constructor(a: RealRelay, b: RealRelay, folder: string, closing: (() => unknown)[]) {
    this.a = a;
    this.b = b;
    this.#folder = folder;
    this.#closing = closing;
  }

  static async start(env: Environment = {}): Promise<WishNodes> {
    const folder = mkdtempSync(join(tmpdir(), 'wish-nodes-'));
    const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];
    const file = fileIn(folder);
    writeFileSync(file, policyText(DEVICES_HEARD));
    const after = (close: () => unknown) => void closing.push(close);
    const { relays } = await twoNodes({ after }, { WHIP: 'on', WHEP: 'on', POLICY_FILE: file, ...env });
    const [a, b] = relays;
    if (!a || !b) throw new Error('There are no two nodes.');
    return new WishNodes(a, b, folder, closing);
  }

  /** Another policy holds at both from now on. */
  setPolicy(rules: object): void {
    writeFileSync(fileIn(this.#folder), policyText(rules));
    for (const { server } of [this.a, this.b]) server.reloadPolicy();
  }

  async close(): Promise<void> {
    for (const close of this.#closing.reverse()) await close();
  }
}

function fileIn(folder: string): string {
  return join(folder, 'policy.json');
}
