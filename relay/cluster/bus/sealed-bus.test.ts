import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { RelayError } from '../../errors.ts';
import { DIRECT, NODES_TOPIC, type NodeRef, teamTopic } from '../bus-protocol.ts';
import { ClusterError } from '../cluster-error.ts';
import { BusScene, info, settled } from '../testing/bus-scene.ts';
import type { SealedBus } from './sealed-bus.ts';

let scene: BusScene;
beforeEach(() => {
  scene = new BusScene();
});
afterEach(() => scene.close());

/** What of `kind` hello reaches a node: sender, number of streams (which tells the messages apart), topic. */
function hellos(bus: SealedBus): string[] {
  const heard: string[] = [];
  bus.on('hello', (from, body, topic) => heard.push(`${from.id} ${body.streams} ${topic}`));
  return heard;
}

const hello = (streams: number) => ({ ...info, streams });

describe('SealedBus: notices', () => {
  it('carries what is published on a topic to those who follow it, and to nobody else', async () => {
    const [a, b, c] = [scene.node('a'), scene.node('b'), scene.node('c')];
    await scene.meet(a, b, c);
    const [atB, atC] = [hellos(b), hellos(c)];
    const stop = b.follow(teamTopic('North'));
    c.follow(teamTopic('South'));
    a.publish(teamTopic('North'), 'hello', hello(1));
    await settled();
    assert.deepEqual(atB, ['a 1 team:North']);
    assert.deepEqual(atC, []);
    stop();
    a.publish(teamTopic('North'), 'hello', hello(2));
    await settled();
    assert.equal(atB.length, 1);
  });

  it('shows the message server neither topics nor what is said', async () => {
    const seen: string[] = [];
    scene.hub.tap((channel, text) => seen.push(`${channel} ${text}`));
    const [a, b] = [scene.node('a'), scene.node('b')];
    b.follow(teamTopic('North'));
    a.publish(teamTopic('North'), 'hello', { ...info, version: 'a-version-to-look-for' });
    await settled();
    assert.equal(seen.length, 1);
    assert.doesNotMatch(seen.join(), /North|a-version|hello/);
  });

  it('brings to one node what is sent to it, with DIRECT in place of a topic', async () => {
    const [a, b, c] = [scene.node('a'), scene.node('b'), scene.node('c')];
    const [atB, atC] = [hellos(b), hellos(c)];
    a.send(b.self, 'hello', hello(1));
    await settled();
    assert.deepEqual(atB, [`a 1 ${DIRECT}`]);
    assert.deepEqual(atC, []);
  });

  it('gives its own messages to onOwn only', async () => {
    const a = scene.node('a');
    const heard = hellos(a);
    const own: string[] = [];
    a.onOwn((kind, topic) => own.push(`${kind} ${topic}`));
    a.follow(NODES_TOPIC);
    a.publish(NODES_TOPIC, 'hello', info);
    await settled();
    assert.deepEqual(heard, []);
    assert.deepEqual(own, ['hello nodes']);
  });

  it('a handler that fails keeps no other from its message', async () => {
    const [a, b] = [scene.node('a'), scene.node('b')];
    b.on('hello', () => {
      throw new Error('broken');
    });
    const heard = hellos(b);
    a.send(b.self, 'hello', info);
    await settled();
    assert.equal(heard.length, 1);
    assert.equal(b.counts().failedHandlers, 1);
  });

  it('subscribes once for several followers, until the last has gone', async () => {
    const [a, b] = [scene.node('a'), scene.node('b')];
    await scene.meet(a, b);
    const heard = hellos(b);
    const stops = [b.follow('x'), b.follow('x')];
    a.publish('x', 'hello', hello(1));
    await settled();
    stops[0]?.();
    stops[0]?.();
    a.publish('x', 'hello', hello(2));
    await settled();
    assert.deepEqual(heard, ['a 1 x', 'a 2 x']);
    stops[1]?.();
    a.publish('x', 'hello', hello(3));
    await settled();
    assert.equal(heard.length, 2);
  });
});

describe('SealedBus: what is missing', () => {
  let a: SealedBus;
  let b: SealedBus;
  let gaps: string[];
  beforeEach(async () => {
    [a, b] = [scene.node('a'), scene.node('b')];
    await scene.meet(a, b);
    gaps = [];
    b.onGap((from, topic) => gaps.push(`${from.id} ${topic}`));
    b.follow('x');
  });

  it('shows with the next message of the same node and topic', async () => {
    a.publish('x', 'hello', hello(1));
    await settled();
    scene.hub.drop = () => true;
    a.publish('x', 'hello', hello(2));
    a.send(b.self, 'hello', hello(2));
    scene.hub.drop = () => false;
    await settled();
    assert.deepEqual(gaps, []);
    a.publish('x', 'hello', hello(3));
    a.send(b.self, 'hello', hello(3));
    await settled();
    assert.deepEqual(gaps, ['a x', `a ${DIRECT}`]);
    assert.equal(b.counts().gaps, 2);
  });

  it('is no gap before the topic was followed', async () => {
    a.publish('y', 'hello', hello(1));
    a.publish('y', 'hello', hello(2));
    const stop = b.follow('y');
    a.publish('y', 'hello', hello(3));
    await settled();
    stop();
    a.publish('y', 'hello', hello(4));
    b.follow('y');
    a.publish('y', 'hello', hello(5));
    await settled();
    assert.deepEqual(gaps, []);
  });

  it('shows without a next message when the sender knows that it was lost', async () => {
    a.publish('x', 'hello', hello(1));
    await settled();
    scene.hub.cutOff('a');
    a.publish('x', 'hello', hello(2));
    await settled();
    scene.hub.heal('a');
    await settled();
    assert.deepEqual(gaps, ['a x']);
  });

  it('messages that come out of order are refused, and the gap is told', async () => {
    const heard = hellos(b);
    a.publish('x', 'hello', hello(1));
    await settled();
    const delays = [20, 5];
    scene.hub.delay = () => delays.shift() ?? 0;
    // Each goes to b alone: nobody else is there to take a delay away.
    scene.hub.drop = ({ to }) => to !== 'b';
    a.publish('x', 'hello', hello(2));
    a.publish('x', 'hello', hello(3));
    await new Promise((resolve) => setTimeout(resolve, 40));
    assert.deepEqual(heard, ['a 1 x', 'a 3 x']);
    assert.deepEqual(gaps, ['a x']);
    assert.equal(b.counts().refused.replayed, 1);
  });

  it('tells when a subscription stands, and again after a loss of the connection', async () => {
    let standing = 0;
    b.follow('z', () => {
      standing += 1;
    });
    await settled();
    assert.equal(standing, 1);
    scene.hub.stop();
    assert.equal(b.up, false);
    scene.hub.restart();
    assert.equal(b.up, true);
    assert.equal(standing, 2);
  });
});

describe('SealedBus: requests', () => {
  let a: SealedBus;
  let b: SealedBus;
  beforeEach(() => {
    [a, b] = [scene.node('a'), scene.node('b')];
  });

  const failure = (code: string, reason: string | null) => (error: unknown) =>
    error instanceof ClusterError && error.code === code && error.reason === reason;

  it('brings the answer of the node that was asked', async () => {
    b.answer('meet', (from, body) => ({ ...body, version: `for ${from.id}` }));
    assert.equal((await a.request(b.self, 'meet', hello(7), 1_000)).version, 'for a');
    assert.deepEqual(a.counts().asked, { answered: 1, bus_timeout: 0, bus_refused: 0, bus_down: 0 });
    assert.equal(a.counts().waiting, 0);
  });

  it('several at once get each their own, whatever the order', async () => {
    b.answer('meet', async (_from, body) => {
      await new Promise((resolve) => setTimeout(resolve, 30 - body.streams * 10));
      return body;
    });
    const answers = await Promise.all([0, 1, 2].map((n) => a.request(b.self, 'meet', hello(n), 1_000)));
    assert.deepEqual(
      answers.map(({ streams }) => streams),
      [0, 1, 2],
    );
  });

  it('fails at its deadline, and a late answer changes nothing', async () => {
    let answer: (() => void) | undefined;
    b.answer('meet', (_from, body) => new Promise((resolve) => (answer = () => resolve(body))));
    await assert.rejects(a.request(b.self, 'meet', info, 20), failure('bus_timeout', null));
    answer?.();
    await settled();
    assert.equal(a.counts().asked.answered, 0);
  });

  it('fails when the other refuses, with its code; an unexpected error tells nothing of itself', async () => {
    let error: Error = new RelayError('not_streaming', 'no such stream');
    b.answer('meet', () => Promise.reject(error));
    await assert.rejects(a.request(b.self, 'meet', info, 1_000), failure('bus_refused', 'not_streaming'));
    error = new Error('a secret path');
    await assert.rejects(
      a.request(b.self, 'meet', info, 1_000),
      (thrown) => failure('bus_refused', 'internal')(thrown) && !String(thrown).includes('secret'),
    );
  });

  it('fails when the other does not answer that kind', async () => {
    await assert.rejects(a.request(b.self, 'meet', info, 1_000), failure('bus_refused', 'unsupported'));
  });

  it('fails when the answer is not as the protocol says', async () => {
    b.answer('meet', () => ({ ...info, load: 7 }));
    await assert.rejects(a.request(b.self, 'meet', info, 1_000), failure('bus_refused', 'malformed'));
    assert.equal(a.counts().refused.malformed, 1);
  });

  it('fails at once when there is no connection', async () => {
    scene.hub.cutOff('a');
    await assert.rejects(a.request(b.self, 'meet', info, 60_000), failure('bus_down', null));
  });

  it('fails when the bus closes, and nothing is taken afterwards', async () => {
    const heard = hellos(a);
    const asked = assert.rejects(a.request(b.self, 'meet', info, 60_000), failure('bus_down', null));
    await a.close();
    await asked;
    b.send(a.self, 'hello', info);
    await settled();
    assert.deepEqual(heard, []);
  });

  it('a message of more than the limit is not sent, and counted', async () => {
    b.answer('meet', () => info);
    const long = { ...info, url: 'x'.repeat(1_000_000) };
    a.publish('x', 'hello', long);
    await assert.rejects(a.request(b.self, 'meet', long, 1_000), failure('bus_refused', 'too_long'));
    assert.equal(a.counts().tooLong, 2);
  });
});

describe('SealedBus: a frozen server', () => {
  it('loses nothing that counts: late messages come in order, what was reported as lost is told by a gap or by itself', async () => {
    const [a, b] = [scene.node('a'), scene.node('b')];
    await scene.meet(a, b);
    const heard: NodeRef[] = [];
    b.on('hello', (from) => heard.push(from));
    b.follow('x');
    scene.hub.freeze();
    a.publish('x', 'hello', info);
    a.publish('x', 'hello', info);
    await assert.rejects(
      a.request(b.self, 'meet', info, 30),
      (error) => (error as ClusterError).code === 'bus_timeout',
    );
    assert.equal(heard.length, 0);
    scene.hub.thaw();
    await settled();
    assert.equal(heard.length, 2);
    assert.equal(b.counts().gaps, 0);
  });
});
