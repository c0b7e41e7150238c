/** One process of the simulation: some of its nodes. Started by `simulation.ts`, which tells it what to do. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Order, ProcessResult, Reply, Share } from './plan.ts';
import { SimNode } from './sim-node.ts';

const MEET_WITHIN_MS = 60_000;

const share = JSON.parse(process.argv[2] ?? '') as Share;
const nodes: SimNode[] = [];
let beforeComing = process.cpuUsage();
const say = (reply: Reply): void => void process.send?.(reply);

process.on('message', (order: Order) => {
  follow(order).then(
    (result) => say({ done: order.do, ...(result && { result }) }),
    (error: unknown) => say({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));

async function follow(order: Order): Promise<ProcessResult | null> {
  if (order.do === 'join') await join();
  if (order.do === 'live') await Promise.all(nodes.map((node) => node.goLive()));
  if (order.do === 'watch') {
    beforeComing = process.cpuUsage();
    await Promise.all(nodes.map((node) => node.watch()));
  }
  return order.do === 'run' ? run(order.seconds) : null;
}

async function join(): Promise<void> {
  for (let index = 0; index < share.count; index += 1) nodes.push(await SimNode.join(share.first + index, share));
  const end = performance.now() + MEET_WITHIN_MS;
  while (nodes.some(({ peers }) => peers < share.plan.nodes - 1)) {
    if (performance.now() > end) throw new Error('The nodes did not meet.');
    await sleep(50);
  }
}

async function run(seconds: number): Promise<ProcessResult> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const before = messages();
  const coming = process.cpuUsage(beforeComing);
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  delay.enable();
  await Promise.all(nodes.map((node) => node.run(seconds)));
  delay.disable();
  const cpu = process.cpuUsage(cpuBefore);
  const after = messages();
  const result: ProcessResult = {
    cpuPercent: (cpu.user + cpu.system) / 10 / (performance.now() - start),
    comingCpuMs: (coming.user + coming.system) / 1_000,
    memory: process.memoryUsage().rss,
    delayMs: delay.percentile(99) / 1e6,
    made: nodes.flatMap(({ made }) => made),
    seen: nodes.flatMap(({ seen }) => seen),
    heardMs: nodes.flatMap(({ heardMs }) => heardMs),
    taken: after.taken - before.taken,
    published: after.published - before.published,
    failed: after.failed - before.failed,
  };
  return result;
}

function messages() {
  const sum = { taken: 0, published: 0, failed: 0 };
  for (const node of nodes) {
    const { taken, published, failed } = node.messages;
    sum.taken += taken;
    sum.published += published;
    sum.failed += failed;
  }
  return sum;
}
