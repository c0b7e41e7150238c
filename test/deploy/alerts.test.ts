/** The rules for Prometheus: each fires when it should and not otherwise, about metrics that there are, with a paragraph to read. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { CASES } from './alert-cases.ts';
import { type Exported, exportedMetrics, unknownIn } from './exported-metrics.ts';
import { inRoot, readKit, run, without } from './kits.ts';

const rule = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
  annotations: z.strictObject({ summary: z.string(), runbook_url: z.string() }),
});
const { groups } = z
  .strictObject({ groups: z.tuple([z.strictObject({ name: z.string(), rules: z.array(rule) })]) })
  .parse(parse(readKit('prometheus/alerts.yml')));
const { rules } = groups[0];
const RULES = inRoot('deploy', 'prometheus', 'alerts.yml');

describe('alert rules', () => {
  let folder: string;
  let exported: Exported;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prospect-alerts-'));
    exported = await exportedMetrics();
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Whether so many of these rules fire at a time, for each set of series, as Prometheus' own test says. */
  function check(
    name: string,
    some: readonly z.infer<typeof rule>[],
    tests: readonly { at: string; series: Readonly<Record<string, string>>; fires: boolean }[],
  ): void {
    // Alone, or each case would take the time of all rules.
    const theirs = join(folder, `${name}-rules.yml`);
    writeFileSync(theirs, stringify({ groups: [{ name, rules: some }] }));
    const written = tests.map(({ at, series, fires }) => ({
      interval: '1m',
      input_series: Object.entries(series).map(([labels, values]) => ({ series: labels, values })),
      promql_expr_test: [
        {
          expr: 'count(count by (alertname) (ALERTS{alertstate="firing"})) or vector(0)',
          eval_time: at,
          exp_samples: [{ labels: '{}', value: fires ? 1 : 0 }],
        },
      ],
    }));
    const file = join(folder, `${name}.yml`);
    writeFileSync(file, stringify({ rule_files: [theirs], evaluation_interval: '30s', tests: written }));
    const { status, output } = run('promtool', ['test', 'rules', file]);
    assert.equal(status, 0, output);
  }

  it('can be read by Prometheus', { skip: without('promtool') }, () => {
    const { status, output } = run('promtool', ['check', 'rules', RULES]);
    assert.equal(status, 0, output);
    assert.match(output, new RegExp(`SUCCESS: ${rules.length} rules found`));
  });

  it('have a case each, and no case is of a rule that is gone', () => {
    assert.deepEqual(Object.keys(CASES).sort(), rules.map(({ alert }) => alert).sort());
  });

  for (const [alert, { fires, quiet }] of Object.entries(CASES)) {
    it(`${alert} fires when it should, and not otherwise`, { skip: without('promtool') }, () => {
      const own = rules.filter((one) => one.alert === alert);
      check(alert, own, [{ ...fires, fires: true }, ...quiet.map((one) => ({ ...one, fires: false }))]);
    });
  }

  it('are quiet about a relay that is well', { skip: without('promtool') }, () => {
    const lines = [...exported.text.matchAll(/^(prospect_relay_\w+)(?:\{(.*)\})? (\S+)$/gm)];
    const series = Object.fromEntries(
      lines.map(([, name, labels, value]) => [
        `${name}{${[labels, 'job="prospect-relay", instance="a"'].filter(Boolean).join(', ')}}`,
        `${value}x120`,
      ]),
    );
    series['up{job="prospect-relay", instance="a"}'] = '1x120';
    check('well', rules, [{ at: '100m', series, fires: false }]);
  });

  it('name metrics, labels and values that the relay exports', () => {
    for (const { alert, expr } of rules) assert.deepEqual(unknownIn(expr, exported), [], alert);
    assert.deepEqual(unknownIn('prospect_relay_streems > 1', exported), ['there is no metric prospect_relay_streems']);
    assert.deepEqual(unknownIn('prospect_relay_refusals_total{at="hand", cod="x"}', exported), [
      'prospect_relay_refusals_total has no at="hand"',
      'prospect_relay_refusals_total has no label cod',
    ]);
  });

  it('lead to a paragraph of the runbook each, which has no others', () => {
    const runbook = readFileSync(inRoot('docs', 'runbook.md'), 'utf8');
    const paragraphs = new Map(
      runbook
        .split(/^### /m)
        .slice(1)
        .map((part) => {
          const [title = '', ...text] = part.split('\n');
          return [title, text.join('\n').split(/^## /m)[0]?.trim() ?? ''];
        }),
    );
    assert.deepEqual([...paragraphs.keys()].sort(), rules.map(({ alert }) => alert).sort());
    for (const { alert, annotations } of rules) {
      assert.equal(annotations.runbook_url, `docs/runbook.md#${alert.toLowerCase()}`);
      assert.ok((paragraphs.get(alert)?.length ?? 0) > 80, `${alert}: what is to be done?`);
    }
  });
});
