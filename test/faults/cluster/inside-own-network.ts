/** Runs inside a network namespace, one case of `cut-pipes.ts` by its name, and prints what it found. Arguments: the name, and `long`. */
import { runCommand } from '../../harness/network/run-command.ts';
import { ClusterStage } from './cluster-stage.ts';
import { INSIDE, PIPE_ADDRESSES } from './cut-pipes.ts';
import { FOUND } from './own-network.ts';

const [name = '', form] = process.argv.slice(2);
const run = Object.entries(INSIDE).find(([known]) => known === name)?.[1];
if (!run) throw new Error(`There is no ${name} here.`);
await runCommand('ip', ['link', 'set', 'lo', 'up']);
const stage = await ClusterStage.start({ nodeEnv: (node) => ({ PIPE_ADDRESS: PIPE_ADDRESSES[node] }) });
try {
  const findings = await run({ stage, long: form === 'long' });
  if (form === 'long') await stage.reset();
  console.log(`${FOUND}${JSON.stringify(findings)}`);
} finally {
  await stage.close();
}
