import { expect } from 'chai';
import type { StreamingSessionOptions } from '../sessions/create-streaming-session.ts';
import { ProspectStreamButton } from '../stream-button/define.ts';
import { turn } from './testing/browser.ts';
import { FakeStreamingSession } from './testing/fake-sessions.ts';
import type { TokenReason } from './token-supply.ts';

const { sessionFactory } = ProspectStreamButton;
let session: FakeStreamingSession;
let opened: StreamingSessionOptions[];

beforeEach(() => {
  opened = [];
  session = new FakeStreamingSession();
  ProspectStreamButton.sessionFactory = (options) => {
    opened.push(options);
    return session;
  };
});

afterEach(async () => {
  document.body.replaceChildren();
  await turn();
  ProspectStreamButton.sessionFactory = sessionFactory;
});

/** An element whose host hands out `t1`, `t2`, ... */
async function mount() {
  const reasons: TokenReason[] = [];
  const element = document.createElement('prospect-stream-button');
  if (!(element instanceof ProspectStreamButton)) throw new Error('not upgraded');
  element.tokenProvider = async ({ reason }) => {
    reasons.push(reason);
    return `t${reasons.length}`;
  };
  document.body.append(element);
  await turn();
  await element.updateComplete;
  return { element, reasons };
}

describe('tokenProvider', () => {
  it('brings the first token, and another each time one is wanted', async () => {
    const { element, reasons } = await mount();
    expect(reasons).to.deep.equal(['start']);
    expect(element.token).to.equal('t1');
    session.expire(60_000);
    await turn();
    await element.updateComplete;
    session.set({ fault: { code: 'token_expired', message: 'over' } });
    session.expire(0);
    await turn();
    session.set({ fault: { code: 'token_issuer_mismatch', message: 'wrong' } });
    session.expire(0);
    await turn();
    await element.updateComplete;
    expect(reasons).to.deep.equal(['start', 'expiring', 'expired', 'refused']);
    expect(session.calls).to.deep.equal(['setToken:t1', 'setToken:t2', 'setToken:t3', 'setToken:t4']);
  });

  it('says in words and by its code that the host’s function failed', async () => {
    const codes: string[] = [];
    const element = document.createElement('prospect-stream-button');
    if (!(element instanceof ProspectStreamButton)) throw new Error('not upgraded');
    element.addEventListener('prospect-error', ({ code }) => codes.push(code));
    element.tokenProvider = () => Promise.reject(new Error('503'));
    document.body.append(element);
    await turn();
    await element.updateComplete;
    expect(codes).to.deep.equal(['token_provider_failed']);
  });

  it('asks no more once the element is gone', async () => {
    let aborted = false;
    const element = document.createElement('prospect-stream-button');
    if (!(element instanceof ProspectStreamButton)) throw new Error('not upgraded');
    element.tokenProvider = ({ signal }) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => {});
    };
    document.body.append(element);
    await turn();
    element.remove();
    await turn();
    expect(aborted).to.equal(true);
  });

  it('takes white space off a token that the host sets', async () => {
    document.body.innerHTML = '<prospect-stream-button token=" abc\n"></prospect-stream-button>';
    await turn();
    expect(opened.map(({ token }) => token)).to.deep.equal(['abc']);
  });
});

describe('what nobody can mend at the page', () => {
  it('stands in the console once, without debug', async () => {
    const { warn } = console;
    const warnings: string[] = [];
    console.warn = (text: string) => warnings.push(text);
    try {
      await mount();
      for (let i = 0; i < 3; i += 1) {
        session.set({ fault: { code: 'token_issuer_mismatch', message: 'The iss claim is wrong.' } });
        session.set({ fault: null });
      }
      session.set({ fault: { code: 'relay_unreachable', message: 'It will come back.' } });
    } finally {
      console.warn = warn;
    }
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('token_issuer_mismatch').and.to.contain('The iss claim is wrong.');
  });
});
