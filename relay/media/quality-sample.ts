import type { types } from 'mediasoup';
import type { QualitySample } from './quality-watch.ts';

/** RTP's clock for Opus, whatever the sound's own rate (RFC 7587, 4.1). */
const TICKS_PER_MS = 48;

type Stat = types.ProducerStat | types.ConsumerStat;

/**
 * What mediasoup says of one stream of packets; null when it has none yet.
 * @param of the producer's or consumer's id
 * @param type for a consumer, whose statistics hold the producer's too
 */
export function readSample(
  of: string,
  stats: readonly Stat[],
  type: 'inbound-rtp' | 'outbound-rtp' = 'inbound-rtp',
): QualitySample | null {
  const stat = stats.find((one) => one.type === type);
  if (!stat) return null;
  return {
    of,
    packets: stat.packetCount,
    // In 256ths, as RTCP carries it.
    loss: Math.min(1, stat.fractionLost / 256),
    jitterMs: stat.jitter / TICKS_PER_MS,
    roundTripMs: stat.roundTripTime ? stat.roundTripTime : null,
  };
}
