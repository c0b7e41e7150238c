/** A chain in a folder of its own, its clock, and what it tells whoever runs the relay. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { AuditEntry } from '../../audit-entries.ts';
import { type ChainOptions, ChainWriter } from '../chain-writer.ts';
import { dayPath } from '../days.ts';
import { verifyChain } from '../verify-chain.ts';

export const NOON = Date.parse('2026-03-02T12:00:00Z');

export const entry = (stream: string): AuditEntry => ({
  event: 'stream_started',
  stream,
  commercial: 'lea',
  equipe: 'nord',
});

export interface Scene {
  readonly folder: string;
  /** Every open writer of this folder. */
  open(more?: Partial<ChainOptions>): ChainWriter;
  readonly told: string[];
  clock: number;
}

export function scene(t: TestContext): Scene {
  const folder = mkdtempSync(join(tmpdir(), 'chain-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const told: string[] = [];
  const made: Scene = {
    folder,
    told,
    clock: NOON,
    open: (more = {}) => {
      const writer = new ChainWriter({
        folder,
        chain: 'one',
        retentionDays: () => null,
        now: () => made.clock,
        events: {
          failing: (reason) => told.push(`failing: ${reason}`),
          recovered: (lost) => told.push(`recovered: ${lost}`),
          found: ({ missing, tornBytes, clean }) => told.push(`found: ${missing} ${tornBytes} ${clean}`),
          closedDay: (day, last) => told.push(`closed: ${day} ${last}`),
        },
        ...more,
      });
      t.after(() => writer.close());
      return writer;
    },
  };
  return made;
}

export const records = ({ folder }: Scene, day = '2026-03-02') =>
  readFileSync(dayPath(folder, day), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
export const codes = async ({ folder }: Scene, options = {}) =>
  (await verifyChain(folder, options)).problems.map(({ code }) => code);
