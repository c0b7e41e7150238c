import { expect } from 'chai';
import { chooseMicrophone, listMicrophones } from '../audio/microphone-choice.ts';
import { accessibilityProblems, part, turn, until } from '../ui/testing/browser.ts';
import { FakeStreamingSession, streamingStates } from '../ui/testing/fake-sessions.ts';
import { ProspectStreamButton } from './define.ts';

const { sessionFactory } = ProspectStreamButton;
const { getUserMedia } = MediaDevices.prototype;
/** Every track that the page was given. */
let tracks: MediaStreamTrack[] = [];
const live = () => tracks.filter(({ readyState }) => readyState === 'live');

async function mount(): Promise<[ProspectStreamButton, FakeStreamingSession]> {
  const session = new FakeStreamingSession(streamingStates().ready);
  ProspectStreamButton.sessionFactory = () => session;
  const element = document.body.appendChild(document.createElement('prospect-stream-button'));
  element.token = 't';
  await element.updateComplete;
  if (!element.shadowRoot?.querySelector('.bubble.open')) part(element, '.head').click();
  await until(() => element.shadowRoot?.querySelector('[part=microphone-test]'));
  return [element, session];
}

const press = (element: ProspectStreamButton) => part(element, '[part=microphone-test] button').click();
const meter = (element: ProspectStreamButton) => element.shadowRoot?.querySelector('[role=meter]');

/** A test that is under way. */
async function testing(): Promise<[ProspectStreamButton, FakeStreamingSession]> {
  const mounted = await mount();
  press(mounted[0]);
  await until(() => live().length === 1);
  return mounted;
}

describe('the test of the microphone, with Chromium’s fake ones', () => {
  beforeEach(() => {
    document.documentElement.lang = 'en';
    localStorage.clear();
    tracks = [];
    MediaDevices.prototype.getUserMedia = async function (constraints) {
      const stream = await getUserMedia.call(this, constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });

  afterEach(async () => {
    document.body.replaceChildren();
    await turn();
    expect(live()).to.deep.equal([]);
    localStorage.clear();
    MediaDevices.prototype.getUserMedia = getUserMedia;
    ProspectStreamButton.sessionFactory = sessionFactory;
  });

  it('shows how loud it hears, in words too, sends nothing, and ends at the second press', async () => {
    const [element, session] = await testing();
    const status = () => part(element, '[part=microphone-test] [role=status]').textContent;
    await until(() => Number(meter(element)?.getAttribute('aria-valuenow')) > 0);
    await until(() => status()?.startsWith('The microphone hears you.'));
    expect(meter(element)?.getAttribute('aria-label')).to.equal('Level of the microphone');
    expect(await accessibilityProblems(element)).to.deep.equal([]);
    press(element);
    await element.updateComplete;
    expect([live().length, meter(element), status()]).to.deep.equal([0, null, '']);
    expect(session.calls).to.deep.equal([]);
  });

  it('goes over to the microphone that is chosen meanwhile', async () => {
    const [element, session] = await testing();
    const [, second] = await listMicrophones();
    await until(() => element.shadowRoot?.querySelector('select'));
    const select = part<HTMLSelectElement>(element, 'select');
    select.value = second?.id ?? '';
    select.dispatchEvent(new Event('change'));
    await until(() => live().length === 1 && live()[0]?.label === second?.label);
    expect(session.calls).to.deep.equal([]);
  });

  it('lets go of it before the commercial goes live', async () => {
    const [element, session] = await testing();
    part(element, '[part=button]').click();
    expect(live()).to.deep.equal([]);
    expect(session.calls).to.deep.equal(['start']);
    session.set({ status: 'live' });
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('[part=microphone-test]')).to.equal(null);
  });

  it('lets go of it with the bubble, with the page, and when it goes live by itself', async () => {
    for (const leave of [
      (element: ProspectStreamButton) => part(element, '.head').click(),
      () => window.dispatchEvent(new PageTransitionEvent('pagehide')),
      (_: ProspectStreamButton, session: FakeStreamingSession) => session.set({ status: 'starting' }),
      (element: ProspectStreamButton) => element.remove(),
    ]) {
      const [element, session] = await testing();
      leave(element, session);
      await until(() => live().length === 0);
      document.body.replaceChildren();
    }
  });

  it('says why there is none', async () => {
    MediaDevices.prototype.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    chooseMicrophone('');
    const [element] = await mount();
    press(element);
    await until(() => part(element, '[part=microphone-test] [role=status]').textContent?.includes('not allowed'));
    expect(meter(element)).to.equal(null);
  });
});
