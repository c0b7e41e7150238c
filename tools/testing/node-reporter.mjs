import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { inspect } from 'node:util';
import { endChild } from './child-processes.mjs';

/** Silence of this length, in milliseconds, means that a test file hangs, or finished but keeps its process alive. */
const STALL_MS = Number(process.env.PROSPECT_TEST_STALL_MS || 120_000);

/**
 * A reporter for `node --test`: one line per test file, failures and skipped tests in full, and the totals as JSON in
 * the file that PROSPECT_TEST_COUNTS names. A test skipped with a reason (what this machine lacks) is shown, and counts as
 * nothing; one skipped without a reason, or still to do, counts as failed, because it hides that something is unproved.
 * A file that hangs is ended and has failed, and the others go on: Node itself would wait for it for ever.
 */
export default async function* report(events) {
  const files = new Map();
  const resultsOf = (file) => {
    const path = file ? relative(process.cwd(), file) : 'other';
    if (!files.has(path)) files.set(path, newResults(path));
    return files.get(path);
  };
  const watchdog = setInterval(() => endStalled([...files.values()]), STALL_MS / 20);
  for await (const { type, data } of events) {
    if (data.file) follow(resultsOf(data.file), type, data);
    if (type === 'test:stdout' || type === 'test:stderr') resultsOf(data.file).output += data.message;
    else if (type === 'test:dequeue') resultsOf(data.file);
    else if (type === 'test:pass' || type === 'test:fail') addResult(resultsOf(data.file), type, data);
    else if (type === 'test:summary' && data.file) {
      const results = resultsOf(data.file);
      results.ended = true;
      yield linesOf(results);
    }
  }
  clearInterval(watchdog);
  const all = [...files.values()];
  for (const results of all) if (!results.ended && hasResults(results)) yield linesOf(results);
  writeCounts(all);
}

function newResults(path) {
  const now = performance.now();
  return {
    path,
    passed: 0,
    failures: [],
    skipped: [],
    output: '',
    start: now,
    heardAt: now,
    runs: false,
    stalled: false,
    ended: false,
  };
}

/**
 * Notes when something was last heard of a file, and whether its process runs. These events come as things happen; passes and
 * failures come in the order of the files, those of a file behind one that hangs only after it.
 */
function follow(results, type, { name, file }) {
  results.heardAt = performance.now();
  const ofFile = resolve(name ?? '') === file;
  if (type === 'test:dequeue' && ofFile) Object.assign(results, { runs: true, start: results.heardAt });
  else if (type === 'test:complete' && ofFile) results.runs = false;
}

/** Ends the processes of the files of which nothing has been heard for too long; their failure is noted here. */
function endStalled(files) {
  for (const results of files) {
    if (!results.runs || results.stalled || performance.now() - results.heardAt < STALL_MS) continue;
    results.stalled = true;
    results.failures.push({
      name: results.path,
      error: `Nothing happened for ${STALL_MS / 1000} s: a test hangs, or something that it started was not stopped.`,
    });
    if (!endChild(results.path)) giveUp(files);
  }
}

/** Where the process cannot be found, the run ends with what is known. */
function giveUp(files) {
  for (const results of files) if (!results.ended && hasResults(results)) process.stdout.write(linesOf(results));
  writeCounts(files);
  process.exit(1);
}

function addResult(results, type, { name, file, skip, todo, details }) {
  if (type === 'test:pass' && file && resolve(name) === file) {
    // Node reports a file that made no test as a test of its own.
    results.failures.push({ name, error: 'There are no tests in this file.' });
  } else if (results.stalled && file && resolve(name) === file) {
    // It was ended here, and why is noted.
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
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
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
  const names = files.flatMap(({ path, failures }) =>
    failures.map(({ name }) => (name === path ? path : `${path}: ${name}`)),
  );
  writeFileSync(target, JSON.stringify({ passed, failed, names }));
}
