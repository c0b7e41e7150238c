import { RedisScript } from '../../cluster/bus/redis-connection.ts';
import { RedisTransport } from '../../cluster/bus/redis-transport.ts';
import { namespaceOf } from '../../cluster/bus/sealed-bus.ts';
import type { ClusterConfig } from '../../config/shape.ts';
import { createLogger } from '../../logger.ts';
import { TimerSet } from '../../streams/timers.ts';
import { type Finding, failed, ok, skipped, wordsOf } from './finding.ts';

/** Takes what a relay does: a connection, messages there and back, and a script on a key of the cluster's own. Changes nothing. */
const LOOK = new RedisScript("return redis.call('GET', KEYS[1])");

/** Redis or Valkey, reached as the relay reaches it. */
export async function checkRedis(config: ClusterConfig | null): Promise<Finding> {
  const id = 'redis';
  if (config === null) return skipped(id, 'CLUSTER_URL is not set: this relay is alone.');
  const where = config.redis.hosts.map(({ host, port }) => `${host}:${port}`).join(', ');
  const timers = new TimerSet();
  const transport = new RedisTransport({
    endpoint: config.redis,
    namespace: namespaceOf(config.name),
    timers,
    logger: createLogger('silent'),
  });
  try {
    await transport.run(LOOK, ['doctor'], []);
    const { roundTripMs } = transport.counts();
    return ok(id, `${where}: messages come back in ${roundTripMs?.toFixed(1) ?? '?'} ms, and scripts may run.`);
  } catch (error) {
    return failed(
      id,
      `${where}: ${wordsOf(error)}.`,
      'CLUSTER_URL: address, user, password, TLS; and the rights that docs/cluster.md lists.',
    );
  } finally {
    await transport.close();
    timers.clear();
  }
}
