import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeRequest } from '../../../relay/cli/doctor/turn/stun-message.ts';
import { newFlow, readUfrag } from './flow.ts';
import { checkImpairment, fateOf, type Impairment, isBlocked } from './impairment.ts';
import { seededRandom } from './seeded-random.ts';

const udp = newFlow(1, 'udp', '127.0.0.1', 1000);
const tcp = newFlow(2, 'tcp', '127.0.0.1', 1001);

test('the same seed gives the same numbers, another seed others, evenly spread', () => {
  const draw = (seed: number): number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 10_000 }, random);
  };
  const first = draw(7);
  assert.deepEqual(draw(7), first);
  assert.notDeepEqual(draw(8), first);
  assert.ok(first.every((value) => value >= 0 && value < 1));
  const mean = first.reduce((sum, value) => sum + value, 0) / first.length;
  assert.ok(Math.abs(mean - 0.5) < 0.02, `mean ${mean}`);
});

test('a blocked link passes nothing, in its direction and protocol only', () => {
  const rules: Impairment[] = [{ blocked: true, direction: 'up', protocol: 'udp' }];
  assert.equal(isBlocked(rules, udp, 'up'), true);
  assert.equal(isBlocked(rules, udp, 'down'), false);
  assert.equal(isBlocked(rules, tcp, 'up'), false);
  assert.deepEqual(fateOf(rules, udp, 'up', Math.random), { pass: false });
  assert.deepEqual(fateOf(rules, tcp, 'up', Math.random), { pass: true, delayMs: 0 });
});

test('loss takes the share it was asked for, and never TCP', () => {
  const random = seededRandom(3);
  const rules: Impairment[] = [{ lossRate: 0.1 }];
  const lost = (flow: typeof udp): number =>
    Array.from({ length: 20_000 }, () => fateOf(rules, flow, 'up', random)).filter(({ pass }) => !pass).length;
  const share = lost(udp) / 20_000;
  assert.ok(Math.abs(share - 0.1) < 0.01, `lost ${share}`);
  assert.equal(lost(tcp), 0);
});

test('delays add up, jitter stays inside its bounds, and `where` picks the flows', () => {
  const rules: Impairment[] = [
    { delayMs: 20, where: (flow) => flow.id === 1 },
    { delayMs: 5, jitterMs: 50 },
  ];
  for (let round = 0; round < 1_000; round += 1) {
    const fate = fateOf(rules, udp, 'down', Math.random);
    assert.ok(fate.pass && fate.delayMs >= 25 && fate.delayMs <= 75);
    const other = fateOf(rules, tcp, 'down', Math.random);
    assert.ok(other.pass && other.delayMs >= 5 && other.delayMs <= 55);
  }
});

test('figures that make no sense are refused', () => {
  assert.throws(() => checkImpairment({ lossRate: 5 }), /between 0 and 1, not 5/);
  assert.throws(() => checkImpairment({ lossRate: Number.NaN }), RangeError);
  assert.throws(() => checkImpairment({ delayMs: -1 }), RangeError);
  assert.throws(() => checkImpairment({ jitterMs: Number.POSITIVE_INFINITY }), RangeError);
  checkImpairment({});
});

test("the page's username fragment is read from its connectivity checks, and nothing else", () => {
  const username = (text: string): Buffer =>
    encodeRequest(0x0001, [
      [0x8022, Buffer.from('odd')],
      [0x0006, Buffer.from(text)],
    ]);
  assert.equal(readUfrag(username('relayUfrag:page')), 'page');
  assert.equal(readUfrag(username('nocolon')), null);
  assert.equal(readUfrag(encodeRequest(0x0001, [])), null);
  assert.equal(readUfrag(encodeRequest(0x0101, [[0x0006, Buffer.from('a:b')]])), null);
  assert.equal(readUfrag(Buffer.from([0x80, 0x6f, 1, 2])), null);
  assert.equal(readUfrag(Buffer.alloc(0)), null);
  assert.equal(readUfrag(username('relayUfrag:page').subarray(0, 26)), null);
});
