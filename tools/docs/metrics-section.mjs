import * as words from '../../relay/measures/words.ts';
import { code, table } from './tables.mjs';

/** The labels of each metric that has some. A test of the application holds them and the names against what it exports. */
const METRIC_LABELS = {
  prospect_relay_worker_cpu_ratio: ['worker'],
  prospect_relay_info: ['version'],
  prospect_relay_packet_loss_ratio: ['direction', 'quantile'],
  prospect_relay_jitter_seconds: ['direction', 'quantile'],
  prospect_relay_round_trip_seconds: ['direction', 'quantile'],
  prospect_relay_first_packet_seconds: ['cause'],
  prospect_relay_first_packet_missed_total: ['cause'],
  prospect_relay_negotiation_seconds: ['kind'],
  prospect_relay_recovery_seconds: ['fault', 'kind'],
  prospect_relay_refusals_total: ['at', 'code'],
  prospect_relay_rate_limits_total: ['limit'],
  prospect_relay_streams_ended_total: ['reason'],
  prospect_relay_hearings_ended_total: ['reason'],
  prospect_relay_help_calls_ended_total: ['reason'],
  prospect_relay_media_failures_total: ['kind', 'what'],
  prospect_relay_media_paths_total: ['kind', 'path'],
  prospect_relay_connections_ended_total: ['reason'],
  prospect_relay_log_lines_dropped_total: ['output'],
  prospect_relay_http_requests_total: ['method', 'route', 'status'],
  prospect_relay_cluster_messages_total: ['direction'],
  prospect_relay_cluster_messages_refused_total: ['reason'],
  prospect_relay_cluster_pipes: ['kind'],
  prospect_relay_cluster_pipe_bytes_total: ['direction'],
};

/** What each label may be. Whatever clients send, there are no others. */
const LABELS = [
  ['method', 'One of HTTP’s usual ones, or `OTHER`.'],
  ['route', 'The pattern of one of the routes above, `unmatched`, or `other`.'],
  ['status', 'A number that this application answers with, or `other`.'],
  [
    'cause',
    'Why an admin waits for a packet. `first`: selected, having listened to nobody in this page; `switch`: in place of somebody else; `resume`: the commercial’s pause is over; `restart`: heard before and lost by a fault, of whichever side.',
  ],
  [
    'kind',
    '`publish`: a commercial’s side; `listen`: an admin’s. Of pipes between nodes `links`, `given` or `copies`.',
  ],
  [
    'direction',
    '`publish`: from the commercials’ pages; `listen`: to the admins’ pages. Between nodes `sent` or `received`.',
  ],
  ['quantile', '`0.5` or `0.95`, over all connections that carry audio; each is looked at about every ten seconds.'],
  [
    'fault',
    '`signalling`: a page had no connection; `network`: the path of its media was lost; `worker`: its media worker died; `transport`: its media connection failed for good; `microphone`, `hidden`: what the commercial’s page reported.',
  ],
  [
    'what',
    '`connecting`: no pair of addresses worked (ICE) within 7 s of the page’s description; `dtls`: one did, and the handshake over it failed or took longer; `consent`: it was up, and nothing came from the page for 10 s (RFC 7675).',
  ],
  [
    'path',
    '`udp`, `tcp`, or `turn`: from an address of the `TURN_URLS`. Of a TURN server that relays from another address than its name has, the relay sees nothing.',
  ],
  [
    'at',
    '`handshake` or `request` of a page, or `whip`, `whep`: of a device or player ([WHIP and WHEP](whip.md)), where codes that only those have count as `bad_request`.',
  ],
  ['code', 'One of the [error codes](#error-codes).'],
  [
    'limit',
    '`requests`: of one session a second; `flood`: the same for so long that the session ended; `address`, `user`: connections of one; `address_open`: the same before any handshake; `handshakes`: tokens verified at the same time; `handshake`: a second one on a connection.',
  ],
  [
    'reason',
    `Of connections \`flood\`, \`not_reading\`, \`address_limit\`, \`total_limit\` or \`made_room\`; of streams ${list(words.STREAM_ENDS)}; of hearings ${list(words.HEARING_ENDS)}; of calls for help ${list(words.HELP_ENDS)}, as in the [audit trail](security.md#what-is-seen-kept-and-logged); of messages between nodes \`oversized\`, \`unreadable\`, \`foreign\`, \`malformed\`, \`unknown\`, \`late\`, \`replayed\` or \`unmet\`.`,
  ],
  ['output', '`stdout` or, with `LOG_FILE`, `file`.'],
  ['worker', 'The number of a worker, from 0.'],
  ['version', 'The relay’s.'],
];

function list(values) {
  return `${values.slice(0, -1).map(code).join(', ')} or ${code(values.at(-1))}`;
}

/**
 * The section "Metrics".
 * @param {string} exported what `/metrics` of a node of a cluster answers
 */
export function metricsSection(exported) {
  const own = [...exported.matchAll(/^# HELP (prospect_relay_\w+) (.+)\n# TYPE \S+ (\w+)$/gm)];
  const all = own.map(([, name, help, type]) => [
    code(name),
    type,
    (METRIC_LABELS[name] ?? []).map(code).join(', ') || '–',
    help,
  ]);
  const ofCluster = (row) => row[0].includes('prospect_relay_cluster_');
  const [rows, clusterRows] = [all.filter((row) => !ofCluster(row)), all.filter(ofCluster)];
  if (rows.length === 0 || clusterRows.length === 0) throw new Error('the relay has no metrics of its own');
  const header = ['Metric', 'Type', 'Labels', 'What it counts'];
  return [
    '## Metrics',
    'Counted and measured is what has happened at the relay, not what was asked for: a hearing begins with the first packet that was sent, a commercial is told when the page has acknowledged. What the relay cannot see is not in them: the way of the click to the relay, and of the packet to the loudspeaker. No metric is about one person, none has a name. Beside the process’s own (`process_…`, `nodejs_…`):',
    table(header, rows),
    'At a node of a [cluster](cluster.md) also, each about this node:',
    table(header, clusterRows),
    'Labels come from closed lists, whatever clients send:',
    table(
      ['Label', 'Values'],
      LABELS.map(([name, values]) => [code(name), values]),
    ),
    'Of who waits for a first packet without getting one, only `prospect_relay_first_packet_missed_total` tells: the histogram knows those who got one. The first packet that is known may be the second: never too early, and late by a packet’s length at most.',
    'The event loop’s delay is looked at every 200 ms, and `nodejs_eventloop_lag_min_seconds`, `…_mean_…`, `…_p50_…` and their like hold the whole time between two looks: 0.2 s is a loop that is never late. `nodejs_eventloop_lag_seconds` is the delay at the scrape alone.',
  ].join('\n\n');
}
