import { expect } from 'chai';
import { part, turn } from '../ui/testing/browser.ts';
import { FakeStreamingSession, streamingStates } from '../ui/testing/fake-sessions.ts';
import { ProspectStreamButton } from './define.ts';

const { sessionFactory, clock } = ProspectStreamButton;
/** The clock of the presses, in milliseconds: the test moves it. */
let now = 100_000;

/** A button in this state, and what it asks its session. */
async function mount(state: string): Promise<[ProspectStreamButton, FakeStreamingSession]> {
  const session = new FakeStreamingSession(streamingStates()[state]);
  ProspectStreamButton.sessionFactory = () => session;
  const element = document.body.appendChild(document.createElement('prospect-stream-button'));
  await element.updateComplete;
  return [element, session];
}

describe('presses of <prospect-stream-button>', () => {
  beforeEach(() => {
    now += 100_000;
    ProspectStreamButton.clock = () => now;
  });

  afterEach(async () => {
    document.body.replaceChildren();
    await turn();
    ProspectStreamButton.sessionFactory = sessionFactory;
    ProspectStreamButton.clock = clock;
  });

  it('takes two taps on stop for one, with a pointer, a key or assistive technology', async () => {
    // The session is quick: the second press already meets a button that would start.
    const press = (button: HTMLElement, how: string) => {
      if (how === 'pointer') button.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
      if (how === 'key') button.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
      // A click without a pointer is what assistive technology sends.
      if (how === 'assistive') button.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 0 }));
      else button.click();
    };
    for (const how of ['pointer', 'key', 'assistive']) {
      for (const gap of [120, 250, 400, 790]) {
        const [element, session] = await mount('live');
        const button = part(element, '.fab');
        press(button, how);
        session.set({ ...streamingStates().ready, startedAt: null });
        await element.updateComplete;
        now += gap;
        press(button, how);
        expect(session.calls, `${how} ${gap}`).to.deep.equal(['stop']);
        now += 1_000;
        press(button, how);
        expect(session.calls, `${how} ${gap}`).to.deep.equal(['stop', 'start']);
        element.remove();
        await turn();
        now += 5_000;
      }
    }
  });

  it('takes two taps on start, or on resume, for one', async () => {
    for (const state of ['ready', 'needs-tap']) {
      now += 5_000;
      const [element, session] = await mount(state);
      const button = part(element, '.fab');
      button.click();
      session.set({ status: 'starting', needsTap: false });
      await element.updateComplete;
      now += 200;
      button.click();
      expect(session.calls).to.have.length(1);
      now += 200;
      button.click();
      expect(session.calls.slice(1)).to.deep.equal(['stop']);
      element.remove();
      await turn();
    }
  });

  it('does not start again under a finger that came to stop', async () => {
    const [element, session] = await mount('live');
    session.set({ ...streamingStates().ready, startedAt: null, fault: { code: 'time_limit', message: 'over' } });
    await element.updateComplete;
    now += 150;
    part(element, '.fab').click();
    expect(session.calls).to.deep.equal([]);
  });

  it('takes two taps on pause for one, and every pause at once', async () => {
    const [element, session] = await mount('live');
    part(element, '[part=pause]').click();
    session.set({ status: 'paused' });
    await element.updateComplete;
    now += 250;
    part(element, '[part=pause]').click();
    expect(session.calls).to.deep.equal(['setPaused:true']);
    now += 600;
    part(element, '[part=pause]').click();
    session.set({ status: 'live' });
    await element.updateComplete;
    part(element, '[part=pause]').click();
    part(element, '.fab').click();
    expect(session.calls).to.deep.equal(['setPaused:true', 'setPaused:false', 'setPaused:true', 'stop']);
  });

  it('is pressed once by a key that is held down', async () => {
    const [element] = await mount('ready');
    const held = new KeyboardEvent('keydown', { key: 'Enter', repeat: true, bubbles: true, cancelable: true });
    part(element, '.fab').dispatchEvent(held);
    expect(held.defaultPrevented).to.equal(true);
  });
});
