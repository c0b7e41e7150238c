/**
 * The dashboard for Grafana. Neither Debian 12 nor npm has Grafana itself, so that nothing draws it here: what a dashboard of
 * Grafana 12 must have (its model of version 41) is written down below, as far as this one uses it.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { type Exported, exportedMetrics, unknownIn } from './exported-metrics.ts';
import { readKit, run, without } from './kits.ts';

const datasource = z.strictObject({ type: z.literal('prometheus'), uid: z.string() });
const gridPos = z.strictObject({
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  w: z.int().min(1).max(24),
  h: z.int().min(1),
});
const target = z.strictObject({
  refId: z.string().regex(/^[A-Z]$/),
  datasource,
  expr: z.string(),
  legendFormat: z.string(),
  range: z.boolean(),
  instant: z.boolean(),
});
const defaults = z.strictObject({
  unit: z.enum(['short', 's', 'percentunit', 'bytes']),
  min: z.number(),
  max: z.number().optional(),
  thresholds: z.strictObject({
    mode: z.enum(['absolute', 'percentage']),
    steps: z.array(z.strictObject({ color: z.string(), value: z.number().nullable() })).min(1),
  }),
  custom: z.record(z.string(), z.unknown()).optional(),
});
const common = { id: z.int().min(1), title: z.string().min(1), gridPos };
const row = z.strictObject({
  ...common,
  type: z.literal('row'),
  collapsed: z.literal(false),
  panels: z.array(z.never()),
});
const panel = z.strictObject({
  ...common,
  type: z.enum(['stat', 'timeseries']),
  description: z.string().min(1),
  datasource,
  targets: z.array(target).min(1),
  fieldConfig: z.strictObject({ defaults, overrides: z.array(z.never()) }),
  options: z.record(z.string(), z.unknown()),
});
const dashboard = z.strictObject({
  uid: z.string().max(40),
  title: z.string().min(1),
  description: z.string(),
  tags: z.array(z.string()),
  timezone: z.enum(['browser', 'utc']),
  editable: z.boolean(),
  graphTooltip: z.int().min(0).max(2),
  refresh: z.string(),
  schemaVersion: z.literal(41),
  version: z.int(),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  annotations: z.strictObject({ list: z.array(z.never()) }),
  links: z.array(z.never()),
  templating: z.strictObject({
    list: z.array(
      z.strictObject({
        name: z.string(),
        label: z.string(),
        type: z.literal('query'),
        datasource,
        query: z.strictObject({ query: z.string(), refId: z.string() }),
        definition: z.string(),
        includeAll: z.boolean(),
        allValue: z.string(),
        multi: z.boolean(),
        current: z.strictObject({ text: z.string(), value: z.string() }),
        refresh: z.int().min(0).max(2),
        sort: z.int().min(0).max(8),
        hide: z.int().min(0).max(2),
        options: z.array(z.never()),
      }),
    ),
  }),
  panels: z.array(z.union([row, panel])),
});

const read: unknown = JSON.parse(readKit('grafana/dashboards/prospect-live.json'));
const isPanel = (one: z.infer<typeof row> | z.infer<typeof panel>): one is z.infer<typeof panel> => one.type !== 'row';

describe('the dashboard', () => {
  let exported: Exported;
  before(async () => {
    exported = await exportedMetrics();
  });

  it('has what Grafana asks of one', () => {
    const result = dashboard.safeParse(read);
    assert.ok(result.success, result.success ? '' : z.prettifyError(result.error));
  });

  it('has panels beside each other, none over another, each with its own number and title', () => {
    const { panels } = dashboard.parse(read);
    const cells = new Map<string, string>();
    for (const { title, gridPos: at } of panels) {
      assert.ok(at.x + at.w <= 24, title);
      for (let x = at.x; x < at.x + at.w; x += 1) {
        for (let y = at.y; y < at.y + at.h; y += 1) {
          assert.equal(cells.get(`${x} ${y}`), undefined, `${title} lies over ${cells.get(`${x} ${y}`)}`);
          cells.set(`${x} ${y}`, title);
        }
      }
    }
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    assert.equal(new Set(panels.map(({ title }) => title)).size, panels.length);
  });

  it('asks the source that is provided, for metrics that the relay exports', () => {
    const [source] = parse(readKit('grafana/provisioning/datasources/prometheus.yml')).datasources;
    const { panels, templating } = dashboard.parse(read);
    const queries = panels.filter(isPanel).flatMap(({ title, targets, datasource: from }) => {
      assert.equal(from.uid, source.uid, title);
      return targets.map((one) => ({ title, ...one }));
    });
    assert.ok(queries.length > 30);
    for (const { title, expr, datasource: from } of queries) {
      assert.equal(from.uid, source.uid, title);
      assert.deepEqual(unknownIn(expr, exported), [], title);
    }
    for (const { definition, query } of templating.list) {
      assert.equal(definition, query.query);
      assert.match(definition, /^label_values\(prospect_relay_info, instance\)$/);
    }
    // Every metric that is there for people is shown somewhere.
    const shown = queries.map(({ expr }) => expr).join(' ');
    const felt = [...exported.text.matchAll(/^# TYPE (prospect_relay_(?!cluster_)\w+) /gm)].map(
      ([, name = '']) => name,
    );
    assert.deepEqual(
      felt.filter((name) => !shown.includes(name)),
      [],
    );
  });

  it('has queries that Prometheus can read', { skip: without('promtool') }, (t) => {
    const { panels } = dashboard.parse(read);
    const queries = panels
      .filter(isPanel)
      .flatMap(({ targets }) => targets)
      .map(({ expr }) => expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*'));
    assert.doesNotMatch(queries.join(' '), /\$/);
    // promtool of Debian 12 reads queries in rules only.
    const rules = queries.map((expr, index) => ({ record: `panel:query_${index}`, expr }));
    const folder = mkdtempSync(join(tmpdir(), 'prospect-dashboard-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'rules.yml');
    writeFileSync(file, stringify({ groups: [{ name: 'panels', rules }] }));
    const { status, output } = run('promtool', ['check', 'rules', file]);
    assert.equal(status, 0, output);
    assert.match(output, new RegExp(`SUCCESS: ${queries.length} rules found`));
  });
});
