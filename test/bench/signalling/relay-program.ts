/**
 * The relay of the signalling bench, as a process of its own: everything but the media, which is a fake, so that what it costs is what the
 * signalling costs. It answers its parent's `read` with what it cost since the last one.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { LiveRelay } from '../../../relay/signalling/testing/live-relay.ts';

/** How often the loop is looked at, in milliseconds. */
const RESOLUTION_MS = 10;

const relay = await LiveRelay.open({
  session: { voiceWithoutListeners: ['*'] },
  limits: {
    messagesPerSecond: 20,
    connectionsPerAddress: 5_000,
    pendingHandshakes: 5_000,
    maxStreams: 1_000,
    maxListeners: 2_000,
  },
});
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
let cpu = process.cpuUsage();
let since = performance.now();

// A parent that is gone needs no relay.
process.on('disconnect', () => process.exit(0));
process.on('message', () => {
  const { user, system } = process.cpuUsage(cpu);
  const ms = performance.now() - since;
  process.send?.({
    type: 'cost',
    ms,
    cpuShare: (user + system) / 1000 / ms,
    // How much later than asked the loop came by.
    loopP99Ms: Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS),
  });
  delay.reset();
  cpu = process.cpuUsage();
  since = performance.now();
});
process.send?.({ type: 'ready', port: relay.ports[0] });
