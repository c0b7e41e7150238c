import { expect } from 'chai';
import { accessibilityProblems, part, turn, until } from '../ui/testing/browser.ts';
import { FakeListeningSession, listeningStates } from '../ui/testing/fake-sessions.ts';
import { ProspectListenPanel } from './define.ts';

const { sessionFactory } = ProspectListenPanel;
let session: FakeListeningSession;

async function mount(state: string, attributes = ''): Promise<ProspectListenPanel> {
  session = new FakeListeningSession({ userId: 'a1', ...listeningStates()[state] });
  ProspectListenPanel.sessionFactory = () => session;
  document.body.insertAdjacentHTML(
    'beforeend',
    `<prospect-listen-panel token="t" lang="en" ${attributes}></prospect-listen-panel>`,
  );
  const element = document.body.lastElementChild as ProspectListenPanel;
  await until(() => element.shadowRoot?.querySelector('[part=barred]'));
  return element;
}

const dialog = (element: ProspectListenPanel) =>
  element.shadowRoot?.querySelector<HTMLDialogElement>('dialog.policy[open]');
const headphones = (element: ProspectListenPanel, id: string) => part(element, `.listen[data-id=${id}]`);

describe('<prospect-listen-panel> under a policy', () => {
  beforeEach(() => localStorage.clear());
  afterEach(async () => {
    document.body.replaceChildren();
    await turn();
    Object.assign(ProspectListenPanel, { sessionFactory });
  });

  it('asks why at the first press, remembers it, and gives the focus back', async () => {
    const element = await mount('purpose-picker');
    const chosen: string[] = [];
    element.addEventListener('prospect-purpose-change', ({ purpose }) => chosen.push(purpose));
    headphones(element, 'nadia').focus();
    headphones(element, 'nadia').click();
    await until(() => dialog(element));
    expect(session.calls).to.not.include('listen:nadia');
    expect(await accessibilityProblems(element)).to.deep.equal([]);
    const radios = [...(dialog(element)?.querySelectorAll<HTMLInputElement>('input') ?? [])];
    expect(radios.map(({ value, checked }) => `${value} ${checked}`)).to.deep.equal([
      'training true',
      'quality false',
      'help false',
    ]);
    expect(element.shadowRoot?.activeElement).to.equal(radios[0]);
    radios[1]?.click();
    part(element, '[part=purpose-listen]').click();
    expect(session.calls.at(-1)).to.equal('listen:nadia:quality');
    expect(chosen).to.deep.equal(['quality']);
    await until(() => !dialog(element));
    expect(element.shadowRoot?.activeElement).to.equal(headphones(element, 'nadia'));
    // For the rest of this page it holds; the next one offers it.
    headphones(element, 'omar').click();
    await turn();
    expect(session.calls.at(-1)).to.equal('listen:omar:quality');
    element.remove();
    const next = await mount('purpose-picker');
    headphones(next, 'nadia').click();
    await until(() => dialog(next));
    expect(dialog(next)?.querySelector<HTMLInputElement>('input:checked')?.value).to.equal('quality');
  });

  it('Escape hears nobody; a purpose of the host is asked for no more, if it is the policy’s', async () => {
    const element = await mount('purpose-picker');
    headphones(element, 'nadia').click();
    await until(() => dialog(element));
    dialog(element)?.close();
    await until(() => !dialog(element));
    element.purpose = 'help';
    await element.listen('nadia');
    expect(session.calls.at(-1)).to.equal('listen:nadia:help');
    element.purpose = 'curiosity';
    void element.listen('omar');
    await until(() => dialog(element));
    expect(session.calls.at(-1)).to.equal('listen:nadia:help');
  });

  it('asks for what another policy asks for meanwhile, and for nothing where that asks for none', async () => {
    const element = await mount('purpose-picker');
    headphones(element, 'nadia').click();
    await until(() => dialog(element));
    dialog(element)?.querySelectorAll<HTMLInputElement>('input')[1]?.click();
    const { policy, commercials } = session.getState();
    const equipe = commercials.find(({ id }) => id === 'nadia')?.equipe ?? '';
    const asks = (...ids: string[]) => {
      const purposes = ids.map((id) => ({ id, label: { en: id } }));
      session.set({ policy: policy && { ...policy, teams: [{ equipe, purposes }] } });
      return element.updateComplete;
    };
    await asks('safety', 'training', 'quality');
    const inputs = [...(dialog(element)?.querySelectorAll<HTMLInputElement>('input') ?? [])];
    expect(inputs.map(({ value, checked }) => `${value} ${checked}`)).to.deep.equal([
      'safety false',
      'training false',
      'quality true',
    ]);
    await asks('safety', 'training');
    // What was chosen is not there any more, and nothing is chosen in its place.
    part(element, '[part=purpose-listen]').click();
    expect(session.calls.filter((call) => call.startsWith('listen'))).to.deep.equal([]);
    await asks();
    await until(() => !dialog(element));
  });

  it('a refusal for want of a purpose asks for it', async () => {
    const element = await mount('purpose-picker');
    element.purpose = 'help';
    session.listen = async () => session.set({ fault: { code: 'purpose_required', message: 'no' } });
    await element.listen('nadia');
    await until(() => dialog(element));
  });

  it('the dock says why, how long, and until when; the reason can be changed there', async () => {
    const element = await mount('policy-listening');
    const terms = part(element, '[part=terms]');
    expect(terms.textContent)
      .to.contain('Reason: Training')
      .and.contain('You, today: 12\u00a0min, 18\u00a0min left.')
      .and.contain('Everybody, today: 25\u00a0min, 35\u00a0min left.')
      .and.contain('the time for today is used up');
    expect(element.shadowRoot?.querySelector('.sr[role=status]')?.textContent).to.contain('Ends at');
    expect(headphones(element, 'nadia').title).to.contain('18\u00a0min left');
    part(element, '[part=purpose-change]').click();
    await until(() => dialog(element));
    dialog(element)?.querySelectorAll<HTMLInputElement>('input')[2]?.click();
    part(element, '[part=purpose-listen]').click();
    expect(session.calls.at(-1)).to.equal('listen:nadia:help');
  });

  it('rows of who may not be heard say why and until when; their headphones are reachable, and say it again', async () => {
    const element = await mount('barred');
    const lea = headphones(element, 'lea');
    expect(lea.getAttribute('aria-disabled')).to.equal('true');
    expect(lea.getAttribute('aria-description')).to.match(/Cannot be heard until .*\(outside working hours\)/);
    expect(part(element, '.row[data-barred]').textContent).to.contain('Cannot be heard');
    lea.focus();
    expect(element.shadowRoot?.activeElement).to.equal(lea);
    lea.click();
    await element.updateComplete;
    expect(session.calls.filter((call) => call.startsWith('listen'))).to.deep.equal([]);
    expect(part(element, '[part=notice]').textContent).to.contain('Léa Dubois').and.contain('outside working hours');
    expect(element.shadowRoot?.querySelector('.sr[role=status]')?.textContent).to.contain('outside working hours');
    expect(await accessibilityProblems(element)).to.deep.equal([]);
    // Somebody may have left: the relay knows.
    element.purpose = 'help';
    headphones(element, 'omar').click();
    await turn();
    expect(session.calls.at(-1)).to.equal('listen:omar:help');
    // Only this admin may not.
    expect(headphones(element, 'jules').getAttribute('aria-description')).to.contain('without a break');
    expect(headphones(element, 'nadia').hasAttribute('aria-disabled')).to.equal(false);
  });
});
