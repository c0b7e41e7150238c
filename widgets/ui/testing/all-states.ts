/** A page with both elements in all their states, which tells its parent of everything that its security policy refused. */
import { ProspectListenPanel } from '../../listen-panel/define.ts';
import { ProspectStreamButton } from '../../stream-button/define.ts';
import { FakeListeningSession, FakeStreamingSession, listeningStates, streamingStates } from './fake-sessions.ts';

document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
  parent.postMessage({ violation: `${violatedDirective} ${blockedURI} ${sample}` });
});

let rendered = 0;
for (const state of Object.values(streamingStates())) {
  ProspectStreamButton.sessionFactory = () => new FakeStreamingSession(state);
  const element = document.body.appendChild(document.createElement('prospect-stream-button'));
  await element.updateComplete;
  if (getComputedStyle(element).position === 'fixed') rendered += 1;
}
for (const state of Object.values(listeningStates())) {
  ProspectListenPanel.sessionFactory = () => new FakeListeningSession(state);
  const element = document.body.appendChild(document.createElement('prospect-listen-panel'));
  await element.updateComplete;
  if (element.shadowRoot?.querySelector('.panel')) rendered += 1;
}
// Violations are reported as tasks of their own.
setTimeout(() => parent.postMessage({ rendered }), 50);
