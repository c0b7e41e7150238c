import { expect } from 'chai';
import type { ProspectErrorEvent } from '../events/prospect-events.ts';
import { ProspectListenPanel } from '../listen-panel/define.ts';
import type { ListeningSessionOptions } from '../sessions/create-listening-session.ts';
import type { StreamingSessionOptions } from '../sessions/create-streaming-session.ts';
import { WIDGET_VERSION } from '../shared/version.ts';
import { ProspectStreamButton } from '../stream-button/define.ts';
import { accessibilityProblems, part, turn } from './testing/browser.ts';
import { FakeListeningSession, FakeStreamingSession } from './testing/fake-sessions.ts';

const factories = [ProspectStreamButton.sessionFactory, ProspectListenPanel.sessionFactory] as const;
const { warn } = console;
let warnings: string[];
let errors: ProspectErrorEvent[];
let copied: string[];
let refuse: boolean;
const onError = (event: ProspectErrorEvent) => errors.push(event);

beforeEach(() => {
  [warnings, errors, copied, refuse] = [[], [], [], false];
  console.warn = (text: string) => warnings.push(text);
  document.addEventListener('prospect-error', onError);
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: {
      writeText: async (text: string) => {
        if (refuse) throw new DOMException('no', 'NotAllowedError');
        copied.push(text);
      },
    },
  });
});

afterEach(async () => {
  console.warn = warn;
  document.removeEventListener('prospect-error', onError);
  Reflect.deleteProperty(navigator, 'clipboard');
  document.body.replaceChildren();
  await turn();
  [ProspectStreamButton.sessionFactory, ProspectListenPanel.sessionFactory] = factories;
});

/** Each element in turn, with a session that a test has in its hands. */
const ELEMENTS = {
  'prospect-stream-button': async () => {
    const session = new FakeStreamingSession({ status: 'ready', online: true });
    let options: StreamingSessionOptions | undefined;
    ProspectStreamButton.sessionFactory = (given) => {
      options = given;
      return session;
    };
    const element = document.body.appendChild(document.createElement('prospect-stream-button'));
    element.lang = 'en';
    await element.updateComplete;
    return { element, session, options };
  },
  'prospect-listen-panel': async () => {
    const session = new FakeListeningSession({ status: 'ready', online: true });
    let options: ListeningSessionOptions | undefined;
    ProspectListenPanel.sessionFactory = (given) => {
      options = given;
      return session;
    };
    const element = document.body.appendChild(document.createElement('prospect-listen-panel'));
    element.lang = 'en';
    await element.updateComplete;
    return { element, session, options };
  },
};

for (const [tag, mount] of Object.entries(ELEMENTS)) {
  describe(`a failure of <${tag}>`, () => {
    it('tells the host its code, who can mend it, and the trace id; and the console once when time does not mend it', async () => {
      const { session, options } = await mount();
      options?.onTrace('5e55');
      session.set({ fault: { code: 'token_audience_mismatch', message: 'The aud claim is wrong. (trace abc123)' } });
      session.set({ fault: { code: 'media_failed', message: 'No path.' } });
      session.set({ fault: { code: 'token_expired', message: 'The token has ended.' } });
      session.set({ fault: { code: 'internal', message: 'A fault.' } });
      expect(
        errors.map(({ code, mender, traceId, recoverable }) => [code, mender, traceId, recoverable]),
      ).to.deep.equal([
        ['token_audience_mismatch', 'administrator', 'abc123', false],
        ['media_failed', 'network', '5e55', true],
        ['token_expired', 'user', '5e55', false],
        ['internal', 'network', '5e55', true],
      ]);
      expect(errors[0]?.detail.mender).to.equal('administrator');
      expect(warnings).to.have.length(2);
      expect(warnings[0]).to.contain(`<${tag}> token_audience_mismatch: The aud claim is wrong. (trace abc123)`);
      expect(warnings[1]).to.contain(`<${tag}> token_expired: The token has ended. (trace 5e55)`);
    });

    it('shows its code, and copies what support asks for: no token, and nobody’s name', async () => {
      const { element, session, options } = await mount();
      options?.onTrace('5e55');
      const before = Date.now();
      session.set({ fault: { code: 'origin_not_allowed', message: 'Not of Léa. (trace abc123)' } });
      await element.updateComplete;
      expect(part(element, '[part=details] code').textContent).to.equal('origin_not_allowed');
      part(element, '[part=copy-details]').click();
      await turn();
      await element.updateComplete;
      const fields = Object.fromEntries((copied[0] ?? '').split('\n').map((line) => line.split(/: (.*)/)));
      const { time, ...others } = fields;
      expect(others).to.deep.equal({
        element: tag,
        version: WIDGET_VERSION,
        code: 'origin_not_allowed',
        trace: 'abc123',
      });
      expect(Date.parse(time)).to.be.within(before, Date.now());
      expect(part(element, '[part=copy-details]').textContent).to.equal('Copied');
      expect(part(element, '[part=details] [role=status]').textContent).to.equal('Copied');
      expect(await accessibilityProblems(element)).to.deep.equal([]);
      session.set({ fault: { code: 'media_failed', message: 'No path.' } });
      await element.updateComplete;
      expect(part(element, '[part=copy-details]').textContent).to.equal('Copy details for support');
      session.set({ fault: null });
      await element.updateComplete;
      expect(element.shadowRoot?.querySelector('[part=details]')).to.equal(null);
    });

    it('shows the text, to be copied by hand, where the browser gives no clipboard', async () => {
      refuse = true;
      const { element, session } = await mount();
      session.set({ fault: { code: 'capacity', message: 'full' } });
      await element.updateComplete;
      part(element, '[part=copy-details]').click();
      await turn();
      await element.updateComplete;
      expect(part(element, '.by-hand').textContent).to.match(/code: capacity\ntrace: -\ntime: \d{4}/);
      expect(await accessibilityProblems(element)).to.deep.equal([]);
    });
  });
}
