import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findCycles, importsOf } from './import-cycles.mjs';

const graph = (edges) => new Map(Object.entries(edges));

describe('import cycles', () => {
  it('reads what a file imports, types and late imports too', () => {
    const source =
      "import type { A } from './a.ts';\nexport * from '../b.ts';\nconst c = await import('./c.ts');\nimport 'zod';";
    assert.deepEqual(importsOf('x/y/z.ts', source), ['x/y/a.ts', 'x/b.ts', 'x/y/c.ts']);
  });

  it('shows each file that is in a circle, by its shortest way', () => {
    assert.deepEqual(findCycles(graph({ a: ['b'], b: ['c', 'd'], c: ['d'], d: ['a'] })), [
      ['a', 'b', 'd'],
      ['c', 'd', 'a', 'b'],
    ]);
  });

  it('finds a file that imports itself, and two circles apart', () => {
    assert.deepEqual(findCycles(graph({ a: ['a'], b: ['c'], c: ['b'] })), [['a'], ['b', 'c']]);
  });

  it('lets a diamond be, and what is outside the project', () => {
    assert.deepEqual(findCycles(graph({ a: ['b', 'c'], b: ['d'], c: ['d', 'gone'], d: [] })), []);
  });
});
