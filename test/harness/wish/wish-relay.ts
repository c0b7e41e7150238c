import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../../relay/config.ts';
import { RealRelay } from '../relay/real-relay.ts';

/** A policy that lets the streams of devices be heard. */
export const DEVICES_HEARD = { devicesMayBeHeard: true };

/** A relay that speaks WHIP and WHEP, under a policy for every team. */
export class WishRelay {
  readonly relay: RealRelay;
  readonly #folder: string;

  private constructor(relay: RealRelay, folder: string) {
    this.relay = relay;
    this.#folder = folder;
  }

  static async start(rules: object = DEVICES_HEARD, env: Environment = {}): Promise<WishRelay> {
    const folder = mkdtempSync(join(tmpdir(), 'wish-'));
    const file = join(folder, 'policy.json');
    writeFileSync(file, policyText(rules));
    const relay = await RealRelay.start({ env: { WHIP: 'on', WHEP: 'on', POLICY_FILE: file, ...env } });
    return new WishRelay(relay, folder);
  }

  get url(): string {
    return this.relay.url;
  }

  /** Another policy holds from now on. */
  setPolicy(rules: object): void {
    writeFileSync(join(this.#folder, 'policy.json'), policyText(rules));
    this.relay.server.reloadPolicy();
  }

  async close(): Promise<void> {
    await this.relay.close();
    rmSync(this.#folder, { recursive: true });
  }
}

/** A policy file for every team. */
export function policyText(rules: object): string {
  return JSON.stringify({ version: 1, teams: { '*': rules } });
}
