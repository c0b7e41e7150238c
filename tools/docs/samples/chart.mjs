import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { readSource } from '../../checks/source-files.mjs';

const CHART = 'deploy/helm/prospect-relay';

/**
 * Checks values of the Helm chart by its schema, as Helm does: over the chart's own.
 * @param {string} code YAML
 * @returns {string[]} problems
 */
export function checkChartValues(code) {
  const valid = new Ajv({ strict: false, allErrors: true }).compile({
    ...JSON.parse(readSource(`${CHART}/values.schema.json`)),
    $schema: undefined,
  });
  const own = parse(readSource(`${CHART}/values.yaml`));
  if (valid(merge(own, parse(code)))) return [];
  return (valid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function merge(below, above) {
  if (below === null || above === null || typeof below !== 'object' || typeof above !== 'object') return above;
  if (Array.isArray(above)) return above;
  const names = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries(
    [...names].map((name) => [name, name in above ? merge(below[name] ?? null, above[name]) : below[name]]),
  );
}
