/**
 * The relay of the soak, as a process of its own: the whole relay, told by its environment like any other, which answers
 * its parent's questions about what it holds.
 */
import { readConfig } from '../../relay/config.ts';
import { createLogger } from '../../relay/logger.ts';
import { type RelayReport, RelayServer } from '../../relay/relay-server.ts';

/** What a worker holds, counted. */
function countWorker({ worker, router, server }: RelayReport['workers'][number]) {
  return {
    transports: router.transportIds.length,
    producers: router.mapProducerIdConsumerIds.length,
    consumers: router.mapConsumerIdProducerId.length,
    iceNames: server.localIceUsernameFragments.length,
    handlers:
      worker.channelMessageHandlers.channelRequestHandlers.length +
      worker.channelMessageHandlers.channelNotificationHandlers.length,
  };
}

/** Handles of this process by kind: sockets, timers, child processes. */
function countResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const { config } = readConfig(process.env);
const relay = await RelayServer.create(config, createLogger(config.logLevel, { pretty: false }));
// A parent that is gone needs no relay.
process.on('disconnect', () => process.exit(0));
process.on('message', async () => {
  const report = await relay.report();
  if (!report) return;
  process.send?.({
    type: 'report',
    signalling: report.signalling,
    media: report.media,
    pipes: report.pipes,
    workers: report.workers.map(countWorker),
    workerPids: report.workers.map(({ pid }) => pid),
    resources: countResources(),
    eventListeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    rssBytes: process.memoryUsage.rss(),
  });
});
process.send?.({ type: 'ready', ...relay.addresses });
