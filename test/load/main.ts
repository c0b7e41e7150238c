/**
 * `npm run load -- --url URL ...`: commercials and admins with real WebRTC on a relay, and what they heard. `--help` says the rest.
 * Ctrl-C while it is measured ends that, and prints what it is so far. Ends with code 1 when not everybody got in and heard, fewer than 98 of 100 packets came, or more than one in a
 * thousand was lost.
 */
import { MEASURING } from '../harness/load-result.ts';
import { LoadRun } from './load-run.ts';
import { endMedia } from './media.ts';
import { type LoadOptions, OptionError, readOptions, USAGE } from './options.ts';
import { listeningProcess } from './process-meter.ts';
import { isClean, renderResult } from './report.ts';

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}
const options = read();
// Standard output is for the result alone.
let measuring = false;
const run = new LoadRun(options, (text) => {
  measuring ||= text.startsWith(MEASURING);
  console.error(text);
});
const giveUp = (): void => void run.close().finally(() => process.exit(130));
process.once('SIGTERM', giveUp);
process.once('SIGINT', () => {
  process.once('SIGINT', giveUp);
  if (measuring) run.endMeasuring();
  else giveUp();
});
const result = await run.run(await processesOf(options));
console.log(
  options.json
    ? JSON.stringify({ ...result, clean: isClean(options, result) }, null, 2)
    : renderResult(options, result),
);
await run.close();
endMedia();
process.exit(isClean(options, result) ? 0 : 1);

function read(): LoadOptions {
  try {
    return readOptions(args, process.env);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(1);
  }
}

async function processesOf({ url, pids }: LoadOptions): Promise<readonly number[]> {
  if (pids.length > 0 || !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) return pids;
  const pid = await listeningProcess(Number(url.port || (url.protocol === 'https:' ? 443 : 80)));
  return pid === null ? [] : [pid];
}
