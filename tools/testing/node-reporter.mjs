import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { inspect } from 'node:util';

/** Silence of this length, in milliseconds, means that a test file hangs, or finished but keeps its process alive. */
const STALL_MS = Number(process.env.PROSPECT_TEST_STALL_MS || 120_000);

/**
 * A reporter for `node --test`: one line per test file, failures and skipped tests in full, and the totals as JSON in
 * the file that PROSPECT_TEST_COUNTS names. A test skipped with a reason (what this machine lacks) is shown, and counts as
 * nothing; one skipped without a reason, or still to do, counts as failed, because it hides that something is unproved.
 * Files that hang end the run: Node itself would wait for them for ever.
 */
export default async function* report(events) {
  const files = new Map();
  const resultsOf = (file) => {
    const path = file ? relative(process.cwd(), file) : 'other';
    if (!files.has(path)) files.set(path, newResults(path));
    return files.get(path);
  };
  const watchdog = setTimeout(() => giveUp([...files.values()]), STALL_MS);
  for await (const { type, data } of events) {
    watchdog.refresh();
    if (type === 'test:stdout' || type === 'test:stderr') resultsOf(data.file).output += data.message;
    else if (type === 'test:dequeue') resultsOf(data.file);
    else if (type === 'test:pass' || type === 'test:fail') addResult(resultsOf(data.file), type, data);
    else if (type === 'test:summary' && data.file) {
      const results = resultsOf(data.file);
      results.ended = true;
      yield linesOf(results);
    }
  }
  clearTimeout(watchdog);
  const all = [...files.values()];
  for (const results of all) if (!results.ended && hasResults(results)) yield linesOf(results);
  writeCounts(all);
}

function newResults(path) {
  return { path, passed: 0, failures: [], skipped: [], output: '', start: Date.now(), ended: false };
}

/** Ends the run, with a failure for each file that is not over. */
function giveUp(files) {
  for (const results of files) {
    if (results.ended || results.path === 'other') continue;
    results.failures.push({
      name: results.path,
      error: `Nothing happened for ${STALL_MS / 1000} s: a test hangs, or something that it started was not stopped.`,
    });
    process.stdout.write(linesOf(results));
  }
  writeCounts(files);
  process.exit(1);
}

function addResult(results, type, { name, file, skip, todo, details }) {
  if (type === 'test:pass' && file && resolve(name) === file) {
    // Node reports a file that made no test as a test of its own.
    results.failures.push({ name, error: 'There are no tests in this file.' });
  } else if (typeof skip === 'string') {
    results.skipped.push(`${name}: ${skip}`);
  } else if (skip !== undefined || todo !== undefined) {
    results.failures.push({ name, error: 'It was skipped without a reason, or is marked as still to do.' });
  } else if (type === 'test:fail') {
    // A group fails with its tests, which are reported by themselves.
    if (details.error?.failureType !== 'subtestsFailed') results.failures.push({ name, error: details.error });
  } else if (details.type !== 'suite') {
    results.passed += 1;
  }
}

const hasResults = ({ passed, failures, skipped }) => passed + failures.length + skipped.length > 0;

function linesOf({ path, passed, failures, skipped, output, start }) {
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  const head = `${failures.length === 0 ? '✔' : '✖'} ${path}  ${passed} passed, ${seconds} s\n`;
  const skips = skipped.map((text) => `  - skipped: ${text}\n`).join('');
  if (failures.length === 0) return head + skips;
  const blocks = failures.map(({ name, error }) => `\n  ✖ ${name}\n${indent(describe(error))}\n`).join('');
  const printed = output.trim() ? `\n  What the file printed:\n${indent(output.trim())}\n` : '';
  return `${head}${skips}${blocks}${printed}\n`;
}

function describe(error) {
  if (typeof error === 'string') return error;
  if (error?.failureType === 'testCodeFailure' && typeof error.cause === 'string' && error.exitCode !== undefined) {
    return `The file's process ended with ${error.signal ?? `code ${error.exitCode}`}.`;
  }
  // Node wraps what the test threw.
  return inspect(error?.cause ?? error, { depth: 6 });
}

function indent(text) {
  return text.replace(/^/gm, '    ');
}

function writeCounts(files) {
  const target = process.env.PROSPECT_TEST_COUNTS;
  if (!target) return;
  const passed = files.reduce((sum, file) => sum + file.passed, 0);
  const failed = files.reduce((sum, file) => sum + file.failures.length, 0);
  writeFileSync(target, JSON.stringify({ passed, failed }));
}
