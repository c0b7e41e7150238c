import { expect } from 'chai';
import { ProspectListenPanel, ProspectStreamButton } from './define.ts';
import { defineElement } from './ui/define-element.ts';

describe('defining the elements', () => {
  it('registers both', () => {
    expect(customElements.get('prospect-stream-button')).to.equal(ProspectStreamButton);
    expect(customElements.get('prospect-listen-panel')).to.equal(ProspectListenPanel);
  });

  it('does nothing the second time, and warns of another version', () => {
    const { warn } = console;
    const warnings: string[] = [];
    console.warn = (text: string) => warnings.push(text);
    try {
      defineElement('prospect-stream-button', ProspectStreamButton);
      defineElement('prospect-stream-button', class extends ProspectStreamButton {});
      defineElement(
        'prospect-stream-button',
        class extends ProspectStreamButton {
          static override readonly version = '9.9.9';
        },
      );
    } finally {
      console.warn = warn;
    }
    expect(customElements.get('prospect-stream-button')).to.equal(ProspectStreamButton);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('9.9.9');
  });

  it('idles without a token, on its real session', async () => {
    for (const tag of ['prospect-stream-button', 'prospect-listen-panel'] as const) {
      const element = document.body.appendChild(document.createElement(tag));
      await element.updateComplete;
      expect([element.state, element.getAttribute('state')]).to.deep.equal(['idle', 'idle']);
      element.remove();
    }
  });

  it('works under a content security policy without inline styles', async () => {
    const frame = document.createElement('iframe');
    const policy = "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self' ws:";
    const module = new URL('./ui/testing/all-states.ts', import.meta.url).href;
    frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}">
      <script type="module" src="${module}"></script>`;
    document.body.append(frame);
    const violations: string[] = [];
    const done = new Promise<number>((resolve) => {
      window.addEventListener('message', ({ data }) => {
        if (data.violation) violations.push(data.violation);
        else if (data.rendered) resolve(data.rendered);
      });
    });
    expect(await done).to.be.above(20);
    expect(violations).to.deep.equal([]);
    frame.remove();
  });
});
