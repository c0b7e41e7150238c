/** Writes records into the chain of a folder until it is killed: for tests of what a crash leaves behind. */
import { ChainWriter } from '../chain-writer.ts';

const [, , folder = ''] = process.argv;
const nothing = () => undefined;
const writer = new ChainWriter({
  folder,
  chain: 'one',
  retentionDays: () => null,
  events: { failing: nothing, recovered: nothing, found: nothing, closedDay: nothing },
});
process.send?.('writing');
let written = 0;
setInterval(() => {
  for (let i = 0; i < 50; i++) {
    written += 1;
    writer.record({ event: 'stream_started', stream: `s${written}`, commercial: 'lea', equipe: 'nord' });
  }
}, 1);
