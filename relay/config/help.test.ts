import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { parseEnv } from 'node:util';
import { renderEnvExample, renderHelp, renderVariablesTable } from './help.ts';
import { variables } from './variables.ts';

const names = Object.keys(variables);

it('.env.example is fresh (else: node relay/main.ts --env-example > relay/.env.example)', () => {
  assert.equal(readFileSync(join(import.meta.dirname, '..', '.env.example'), 'utf8'), renderEnvExample());
});

it('.env.example sets nothing by itself, and everything once the # is gone', () => {
  assert.deepEqual(parseEnv(renderEnvExample()), {});
  const uncommented = parseEnv(renderEnvExample().replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
  assert.deepEqual(Object.keys(uncommented).sort(), [...names].sort());
  for (const [name, { secret }] of Object.entries(variables)) {
    if (secret) assert.equal(uncommented[name], '', `${name} has a value that somebody could leave in`);
  }
});

it('the help and the table name every variable once', () => {
  for (const name of names) {
    assert.equal(renderHelp('1.2.3').split(`\n  ${name}  (default`).length, 2, name);
    assert.equal(renderVariablesTable().split(`\n| \`${name}\` |`).length, 2, name);
  }
});

it('the table has three cells a row', () => {
  for (const row of renderVariablesTable()
    .split('\n')
    .filter((line) => line.startsWith('| '))) {
    assert.equal(row.split(/(?<!\\)\|/).length, 5, row);
  }
});
