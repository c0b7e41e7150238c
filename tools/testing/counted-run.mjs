import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { inRoot, root } from '../setup/paths.mjs';
import { runForeground, runGroup } from '../setup/run.mjs';

/**
 * What a suite adds to the totals; `names` are those of what failed, where they are known.
 * @typedef {{ passed: number, failed: number, names?: string[] }} Counts
 */

/** @param {Counts} one @param {Counts} other @returns {Counts} */
export function together(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    names: [...(one.names ?? []), ...(other.names ?? [])],
  };
}

/**
 * Runs a program as one check: it passes when the program ends with code 0.
 * @returns {Promise<Counts>}
 */
export async function runAsOneCheck(name, command, args) {
  return oneCheck(name, (await runForeground(command, args, { cwd: root })) === 0);
}

/**
 * Runs a check of our own, which returns its problems, and prints them.
 * @param {string} title
 * @param {() => string[] | Promise<string[]>} check
 * @param {string} [note] printed beside the title
 * @returns {Promise<Counts>}
 */
export async function runCheck(title, check, note = '') {
  const problems = await check();
  console.log(`${problems.length === 0 ? '✔' : '✖'} ${title}${note && `  ${note}`}`);
  for (const problem of problems) console.log(`    ${problem}`);
  return oneCheck(title, problems.length === 0);
}

/**
 * Runs a test runner whose reporter writes its totals to the file that PROSPECT_TEST_COUNTS names. No totals, no tests,
 * or a failure that no test accounts for (a crash) counts as one failed.
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<Counts>}
 */
export async function runCounted(name, command, args) {
  const countsFile = inRoot('.cache', 'tests', `${name}.json`);
  mkdirSync(inRoot('.cache', 'tests'), { recursive: true });
  rmSync(countsFile, { force: true });
  const code = await runGroup(command, args, {
    cwd: root,
    env: { ...process.env, PROSPECT_TEST_COUNTS: countsFile },
  });
  const counts = readCounts(countsFile);
  if (!counts) return broken(`the ${name} tests broke off (code ${code}) without results`);
  if (counts.passed + counts.failed === 0) return broken(`the ${name} tests ran no test`);
  if (code !== 0 && counts.failed === 0) {
    return together(counts, broken(`the ${name} tests ended with code ${code} although each test passed`));
  }
  return counts;
}

/** Says what is wrong with a whole suite. @returns {Counts} one failed */
export function broken(text) {
  console.log(`✖ ${text}`);
  return oneCheck(text, false);
}

/** @returns {Counts} */
function oneCheck(name, passes) {
  return passes ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, names: [name] };
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
