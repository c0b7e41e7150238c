import { afterEach, beforeEach, mock } from 'node:test';
import { FakeChoices, FakeMemory } from '../../shared/testing/fake-memory.ts';
import { FakePage } from '../../shared/testing/fake-page.ts';
import { StreamingSession } from '../streaming-session.ts';
import { FakeMicrophones, FakePeers, FakePermission } from './fake-media.ts';
import { commercial, FakeRelay, settle } from './fake-relay.ts';

const cleanUp: (() => void)[] = [];

/** A session among fakes, with no relay yet. It is closed at the end of the test. */
export function setUp(memory = new FakeMemory(), choices = new FakeChoices()) {
  const relay = new FakeRelay();
  const peers = new FakePeers();
  const microphones = new FakeMicrophones();
  const page = new FakePage();
  const rendering = { done: Promise.resolve() };
  const permission = new FakePermission();
  const locks = { held: 0, tell: (_held: boolean): void => {} };
  const session = new StreamingSession<string>({
    relay,
    openMicrophone: microphones.open,
    createLevelMeter: microphones.meter,
    createPeer: peers.create,
    holdWakeLock: (onHeld) => {
      locks.held += 1;
      locks.tell = onHeld;
      return {
        release: () => {
          locks.held -= 1;
        },
      };
    },
    shown: () => rendering.done,
    permission,
    memory,
    choices,
    page,
    log: () => {},
  });
  cleanUp.push(() => session.close());
  const statuses: string[] = [];
  session.subscribe(() => {
    const { status } = session.getState();
    if (statuses.at(-1) !== status) statuses.push(status);
  });
  return { relay, peers, microphones, page, permission, memory, choices, locks, rendering, session, statuses };
}

/** A session that is live, with nobody listening. */
export async function live(memory = new FakeMemory()) {
  const parts = setUp(memory);
  parts.relay.ready(commercial('c1'));
  await parts.session.start();
  parts.relay.drain();
  return parts;
}

/** Time passes in steps, so that what a timer starts can go on before the next one. */
export async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 100) {
    mock.timers.tick(Math.min(100, left));
    await settle();
  }
}

/** Call it inside a `describe`: its tests have a clock of their own, and their sessions are closed afterwards. */
export function mockTime(): void {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000 });
    // The monotonic clock, which goes on when somebody sets the other one.
    mock.method(performance, 'now', () => Date.now());
  });
  afterEach(async () => {
    for (const close of cleanUp.splice(0)) close();
    await settle();
    mock.timers.reset();
    mock.restoreAll();
  });
}
