/** For each alert what makes it fire, and what does not: figures once a minute, as `promtool test rules` writes them. */

/** Series by name and labels; `at` is when the alert is asked about. */
interface Case {
  readonly at: string;
  readonly series: Readonly<Record<string, string>>;
}

/** One alert's cases. */
export interface AlertCases {
  readonly fires: Case;
  readonly quiet: readonly Case[];
}

const R = 'job="prospect-relay", instance="a"';
const ago = (name: string, labels: string, values: string): Record<string, string> => ({
  [`prospect_relay_${name}{${[R, labels].filter(Boolean).join(', ')}}`]: values,
});

/** A gauge that is so for an hour. */
function gauge(name: string, value: number, labels = ''): Record<string, string> {
  return ago(name, labels, `${value}x60`);
}

/** A counter that rises by so much a minute for an hour. */
function rising(name: string, perMinute: number, labels = ''): Record<string, string> {
  return ago(name, labels, `0+${perMinute}x60`);
}

/** A histogram with so many a minute, all of them between two of its bounds. */
function times(name: string, perMinute: number, above: number, upTo: number, labels = ''): Record<string, string> {
  const bucket = (le: string, rise: number) =>
    rising(`${name}_bucket`, rise, `${labels ? `${labels}, ` : ''}le="${le}"`);
  return {
    ...bucket(String(above), 0),
    ...bucket(String(upTo), perMinute),
    ...bucket('+Inf', perMinute),
    ...rising(`${name}_count`, perMinute, labels),
  };
}

/** Fires at the end of the hour, does not with the other figures. */
function cases(fires: Record<string, string>, ...quiet: Record<string, string>[]): AlertCases {
  return { fires: { at: '50m', series: fires }, quiet: quiet.map((series) => ({ at: '50m', series })) };
}

const FIRST = 'cause="first"';
const SECONDS_A_DAY = 86_400;

export const CASES: Readonly<Record<string, AlertCases>> = {
  RelayDown: {
    fires: { at: '5m', series: { [`up{${R}}`]: '1x2 0x10' } },
    quiet: [
      { at: '5m', series: { [`up{${R}}`]: '1x60' } },
      // Not yet a minute.
      { at: '3m30s', series: { [`up{${R}}`]: '1x2 0x10' } },
    ],
  },
  RelayUnknown: {
    fires: { at: '10m', series: { [`up{${R}}`]: '1x60' } },
    quiet: [{ at: '10m', series: gauge('info', 1, 'version="1.2.3"') }],
  },
  NoMediaWorker: cases(gauge('media_available', 0), gauge('media_available', 1)),
  NobodyIsHeard: cases(
    { ...gauge('hearings_due', 3), ...gauge('consumers', 0) },
    { ...gauge('hearings_due', 3), ...gauge('consumers', 1) },
    { ...gauge('hearings_due', 0), ...gauge('consumers', 0) },
  ),
  ConnectedWithoutMedia: cases(
    { ...gauge('connected_without_media', 2), ...gauge('hearings_due', 10) },
    { ...gauge('connected_without_media', 1), ...gauge('hearings_due', 10) },
    { ...gauge('connected_without_media', 0), ...gauge('hearings_due', 0) },
  ),
  FirstPacketLate: cases(
    times('first_packet_seconds', 2, 2, 3, FIRST),
    times('first_packet_seconds', 2, 0.5, 0.75, FIRST),
    // Too few to say anything.
    times('first_packet_seconds', 0.2, 2, 3, FIRST),
    // A pause that is over is no choice.
    times('first_packet_seconds', 2, 2, 3, 'cause="resume"'),
  ),
  FirstPacketMissed: cases(
    { ...rising('first_packet_missed_total', 1, FIRST), ...rising('first_packet_seconds_count', 2, FIRST) },
    { ...rising('first_packet_missed_total', 1, FIRST), ...rising('first_packet_seconds_count', 5, FIRST) },
    { ...rising('first_packet_missed_total', 0.2, FIRST), ...rising('first_packet_seconds_count', 0, FIRST) },
  ),
  CommercialToldLate: cases(
    times('commercial_told_seconds', 2, 5, 8),
    times('commercial_told_seconds', 2, 0.1, 0.2),
    times('commercial_told_seconds', 0.2, 5, 8),
  ),
  RecoveryLong: cases(
    times('recovery_seconds', 1, 30, 60, 'fault="network", kind="publish"'),
    times('recovery_seconds', 1, 2, 3, 'fault="network", kind="publish"'),
    // A call on the phone may last.
    times('recovery_seconds', 1, 30, 60, 'fault="microphone", kind="publish"'),
  ),
  StreamsAreLost: cases(
    {
      ...rising('streams_ended_total', 1, 'reason="grace_expired"'),
      ...rising('streams_ended_total', 1, 'reason="stopped"'),
    },
    {
      ...rising('streams_ended_total', 1, 'reason="grace_expired"'),
      ...rising('streams_ended_total', 9, 'reason="stopped"'),
    },
    { ...rising('streams_ended_total', 0.1, 'reason="grace_expired"') },
  ),
  MediaDoesNotConnect: cases(
    {
      ...rising('media_failures_total', 1, 'kind="publish", what="connecting"'),
      ...rising('negotiation_seconds_count', 2, 'kind="publish"'),
    },
    {
      ...rising('media_failures_total', 1, 'kind="publish", what="connecting"'),
      ...rising('negotiation_seconds_count', 20, 'kind="publish"'),
    },
    // Phones lose their network.
    {
      ...rising('media_failures_total', 9, 'kind="publish", what="consent"'),
      ...rising('negotiation_seconds_count', 2, 'kind="publish"'),
    },
  ),
  UdpIsBlocked: cases(
    {
      ...rising('media_paths_total', 1, 'kind="listen", path="tcp"'),
      ...rising('media_paths_total', 0.5, 'kind="listen", path="udp"'),
    },
    {
      ...rising('media_paths_total', 1, 'kind="listen", path="turn"'),
      ...rising('media_paths_total', 5, 'kind="listen", path="udp"'),
    },
    {
      ...rising('media_paths_total', 0.1, 'kind="listen", path="tcp"'),
      ...rising('media_paths_total', 0, 'kind="listen", path="udp"'),
    },
  ),
  PacketsAreLost: cases(
    gauge('packet_loss_ratio', 0.08, 'direction="listen", quantile="0.5"'),
    gauge('packet_loss_ratio', 0.02, 'direction="listen", quantile="0.5"'),
    // Some phones always lose.
    gauge('packet_loss_ratio', 0.3, 'direction="listen", quantile="0.95"'),
  ),
  RoundTripLong: cases(
    gauge('round_trip_seconds', 0.6, 'direction="listen", quantile="0.5"'),
    gauge('round_trip_seconds', 0.1, 'direction="listen", quantile="0.5"'),
  ),
  WorkerDied: {
    fires: { at: '25m', series: ago('worker_deaths_total', '', '0x20 1x40') },
    quiet: [
      { at: '25m', series: gauge('worker_deaths_total', 0) },
      { at: '25m', series: gauge('worker_deaths_total', 4) },
      { at: '50m', series: ago('worker_deaths_total', '', '0x20 1x40') },
    ],
  },
  WorkersKeepDying: cases(rising('worker_deaths_total', 1), rising('worker_deaths_total', 0.05)),
  TokensAreRefused: cases(
    rising('refusals_total', 2, 'at="handshake", code="token_signature_invalid"'),
    rising('refusals_total', 0.5, 'at="handshake", code="token_signature_invalid"'),
    // Pages whose token has ended fetch another.
    rising('refusals_total', 9, 'at="handshake", code="token_expired"'),
  ),
  KeysUnavailable: cases(
    rising('refusals_total', 1, 'at="handshake", code="token_keys_unavailable"'),
    gauge('refusals_total', 7, 'at="handshake", code="token_keys_unavailable"'),
  ),
  OriginsAreRefused: cases(
    rising('refusals_total', 2, 'at="handshake", code="origin_not_allowed"'),
    rising('refusals_total', 0.2, 'at="handshake", code="origin_not_allowed"'),
  ),
  DevicesAreRefused: cases(
    rising('refusals_total', 2, 'at="whip", code="policy_devices"'),
    rising('refusals_total', 0.5, 'at="whip", code="policy_devices"'),
    rising('refusals_total', 9, 'at="request", code="bad_request"'),
  ),
  RelayFails: cases(
    rising('refusals_total', 1, 'at="request", code="internal"'),
    gauge('refusals_total', 3, 'at="request", code="internal"'),
    rising('refusals_total', 9, 'at="request", code="bad_request"'),
  ),
  CapacityReached: cases(
    rising('refusals_total', 1, 'at="request", code="capacity"'),
    gauge('refusals_total', 3, 'at="request", code="capacity"'),
  ),
  LimitsAreHit: cases(
    rising('rate_limits_total', 9, 'limit="address"'),
    rising('rate_limits_total', 1, 'limit="address"'),
  ),
  NearTheLimit: cases(gauge('streams', 801), gauge('streams', 800)),
  WorkersAreFull: cases(
    { ...gauge('worker_cpu_ratio', 0.9, 'worker="0"'), ...gauge('worker_cpu_ratio', 0.85, 'worker="1"') },
    { ...gauge('worker_cpu_ratio', 0.9, 'worker="0"'), ...gauge('worker_cpu_ratio', 0.2, 'worker="1"') },
  ),
  RelayIsLate: cases(gauge('event_loop_lag_seconds', 1.5), gauge('event_loop_lag_seconds', 0.3)),
  LogIsLost: cases(
    rising('log_lines_dropped_total', 2, 'output="file"'),
    rising('log_lines_dropped_total', 0, 'output="file"'),
  ),
  AuditTrailIsNotKept: cases(gauge('audit_failing', 1), gauge('audit_failing', 0)),
  WebhookIsBehind: cases(gauge('audit_webhook_waiting', 900), gauge('audit_webhook_waiting', 3)),
  DrainsForLong: cases(gauge('draining', 1), gauge('draining', 0), ago('draining', '', '0x30 1x30')),
  CertificateEndsSoon: {
    fires: { at: '90m', series: ago('certificate_expiry_seconds', '', `${13 * SECONDS_A_DAY}x120`) },
    quiet: [{ at: '90m', series: ago('certificate_expiry_seconds', '', `${30 * SECONDS_A_DAY}x120`) }],
  },
  CertificateEnds: cases(
    gauge('certificate_expiry_seconds', SECONDS_A_DAY / 2),
    gauge('certificate_expiry_seconds', 3 * SECONDS_A_DAY),
  ),
  RedisAway: cases(gauge('cluster_redis_up', 0), gauge('cluster_redis_up', 1)),
  NodeIsSilent: cases(gauge('cluster_mirror_age_seconds', 9), gauge('cluster_mirror_age_seconds', 0.8)),
};
