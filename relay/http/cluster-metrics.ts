import { Counter, Gauge, type Registry } from 'prom-client';
import type { BusCounts } from '../cluster/bus/cluster-bus.ts';
import type { NodePipes } from '../media/media.ts';

/** What is read of a cluster at each scrape, as this node sees it. */
export interface ClusterFigures {
  readonly peers: number;
  /** This node's own messages come back to it. */
  readonly healthy: boolean;
  /** For how long nothing was heard of that peer which has been silent longest. */
  readonly silentForMs: number;
  /** Commercials of other nodes that are known here. */
  readonly mirrors: number;
  readonly bus: Pick<BusCounts, 'transport' | 'taken' | 'refused' | 'gaps'>;
}

/** What a node of a cluster counts. Null: a relay that runs alone. */
export interface ClusterMetricSources {
  readonly cluster: { gauges(): ClusterFigures } | null;
  readonly media: { readonly nodePipes: Pick<NodePipes, 'gauges' | 'traffic'> | null };
}

/** The metrics that a node of a cluster has beside the others. Labels come from closed lists; none is a node's or a team's name. */
export function registerClusterMetrics(registry: Registry, sources: () => ClusterMetricSources | null): void {
  const registers = [registry];
  const gauges = (): ClusterFigures | null => sources()?.cluster?.gauges() ?? null;
  const gauge = (name: string, help: string, read: (from: ClusterFigures) => number | null) =>
    new Gauge({
      name: `prospect_relay_cluster_${name}`,
      help,
      registers,
      collect() {
        const from = gauges();
        const value = from && read(from);
        this.reset();
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  const counter = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    read: (from: ClusterFigures, add: (labels: Partial<Record<L, string>>, count: number) => void) => void,
  ) =>
    new Counter({
      name: `prospect_relay_cluster_${name}`,
      help,
      labelNames: [...labelNames],
      registers,
      collect() {
        const from = gauges();
        this.reset();
        if (from) read(from, (labels, count) => this.inc(labels, count));
      },
    });
  gauge('peers', 'Other nodes that live, as this one knows', ({ peers }) => peers);
  gauge('redis_up', '1 while this node’s own messages come back to it through Redis', ({ healthy }) =>
    healthy ? 1 : 0,
  );
  gauge(
    'bus_round_trip_seconds',
    'Time of the last message of this node to itself through Redis, one each second; no value without a connection',
    ({ bus }) => (bus.transport.roundTripMs === null ? null : bus.transport.roundTripMs / 1000),
  );
  gauge('mirrors', 'Commercials of other nodes that are known here', ({ mirrors }) => mirrors);
  gauge(
    'mirror_age_seconds',
    'Time since the last word of that living node which has been silent longest; each says something once a second. 0 without others',
    ({ silentForMs }) => silentForMs / 1000,
  );
  counter(
    'messages_total',
    'Messages of this node that Redis took (`sent`), and of other nodes or itself that were taken here (`received`)',
    ['direction'],
    ({ bus }, add) => {
      add({ direction: 'sent' }, bus.transport.published);
      add({ direction: 'received' }, bus.taken);
    },
  );
  counter('messages_refused_total', 'Messages that came in and were refused, by reason', ['reason'], ({ bus }, add) => {
    for (const [reason, count] of Object.entries(bus.refused)) add({ reason }, count);
  });
  counter('bus_gaps_total', 'Times that messages of another node were missing and asked for anew', [], ({ bus }, add) =>
    add({}, bus.gaps),
  );
  new Gauge({
    name: 'prospect_relay_cluster_pipes',
    help: 'Pipes for audio between nodes: this node’s ends (`links`), sources passed on (`given`), copies of other nodes’ sources here (`copies`)',
    labelNames: ['kind'],
    registers,
    collect() {
      const held = sources()?.media.nodePipes?.gauges();
      this.reset();
      if (!held) return;
      this.set({ kind: 'links' }, held.links);
      this.set({ kind: 'given' }, held.given);
      this.set({ kind: 'copies' }, held.copies);
    },
  });
  new Counter({
    name: 'prospect_relay_cluster_pipe_bytes_total',
    help: 'Bytes on pipes between nodes, by direction, with RTCP and SRTP’s own bytes',
    labelNames: ['direction'],
    registers,
    async collect() {
      const carried = await sources()?.media.nodePipes?.traffic();
      this.reset();
      if (!carried) return;
      this.inc({ direction: 'sent' }, carried.sentBytes);
      this.inc({ direction: 'received' }, carried.receivedBytes);
    },
  });
}
