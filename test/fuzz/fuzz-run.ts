import { RealRelay } from '../harness/relay/real-relay.ts';
import { Bystander, type PairReport } from './bystander.ts';
import type { KindReport } from './kind.ts';
import { allKinds } from './kinds/all-kinds.ts';
import { MESSAGES_PER_SECOND, Target } from './target.ts';

/** How much is tried. */
export interface FuzzOptions {
  readonly cases: number;
  readonly seed: number;
  /** The whole run ends after about this long, in milliseconds. */
  readonly timeMs: number;
  /** Called when a kind is done. */
  readonly onKind?: (report: KindReport) => void;
}

/** What the whole run came to. */
export interface FuzzReport {
  readonly seed: number;
  readonly kinds: readonly KindReport[];
  readonly pair: PairReport;
  /** Errors that nobody caught, and failures that the relay logged: in words. Must be empty. */
  readonly harm: readonly string[];
  /** What the relay still held of the attackers after their time of grace. Must be empty. */
  readonly leftOver: Readonly<Record<string, number>>;
}

/** Of the attackers' sessions, and of connections that never authenticated. */
const GRACE_MS = 500;
const GONE_WITHIN_MS = 40_000;

/** Tries every kind of bad input on a real relay with a real worker, beside a pair that must notice nothing. */
export async function runFuzz({ cases, seed, timeMs, onKind }: FuzzOptions): Promise<FuzzReport> {
  const relay = await RealRelay.start({
    env: {
      LOG_LEVEL: 'error',
      SESSION_GRACE: `${GRACE_MS}ms`,
      OFFLINE_KEEP: '1s',
      // So that connections whose other end has fallen silent are noticed within the run.
      PING_INTERVAL: '4s',
      PING_TIMEOUT: '6s',
      CONNECTIONS_PER_ADDRESS: '5000',
      // Garbage is tried, and not what becomes of newcomers on a machine that is busy with it.
      MAX_LOAD: '0',
    },
    change: (config) => ({ ...config, limits: { ...config.limits, messagesPerSecond: MESSAGES_PER_SECOND } }),
  });
  const target = await Target.start(relay);
  try {
    const bystander = new Bystander(target.pair);
    const shares = allKinds.reduce((sum, { share }) => sum + share, 0);
    const end = performance.now() + timeMs;
    const kinds: KindReport[] = [];
    for (const [index, kind] of allKinds.entries()) {
      // Each kind may use its part of the time that is left, and what others did not use.
      const left = allKinds.slice(index).reduce((sum, { share }) => sum + share, 0);
      const until =
        performance.now() +
        ((end - performance.now()) * Math.max(kind.share, shares / 20)) / Math.max(left, shares / 20);
      const wanted = Math.max(3, Math.round((cases * kind.share) / shares));
      const report = await kind.run(target, { cases: wanted, seed: seed + index, until });
      await bystander.check(kind.name);
      kinds.push(report);
      onKind?.(report);
    }
    const leftOver = await settledLeftOver(target);
    await bystander.check('afterwards');
    return { seed, kinds, pair: bystander.report(), harm: target.harm, leftOver };
  } finally {
    await target.close();
  }
}

/** What is held beyond the pair's own, once that is nothing or the time is over. */
async function settledLeftOver(target: Target): Promise<Record<string, number>> {
  const end = performance.now() + GONE_WITHIN_MS;
  for (;;) {
    const { signalling, media, workers } = await target.relay.report();
    const held = {
      connections: signalling.connections - 2,
      sessions: signalling.sessions - 2,
      streams: signalling.streams - 1,
      listeners: signalling.listeners - 1,
      // cleo, whom the pair's admin hears.
      commercials: signalling.commercials - 1,
      transports: media.transports - 2,
      producers: media.producers - 1,
      consumers: media.consumers - 1,
      'transports in the worker': workers.reduce((sum, { router }) => sum + router.transportIds.length, 0) - 2,
    };
    const leftOver = Object.fromEntries(Object.entries(held).filter(([, count]) => count !== 0));
    if (Object.keys(leftOver).length === 0 || performance.now() > end) return leftOver;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
