import { pagePolicy } from '../../../demo/hosts/server/page-policy.ts';
import { readHeaders } from './settings.mjs';

const RELAY = {
  origin: 'https://relay.example.com:8443',
  socketOrigin: 'wss://relay.example.com:8443',
  isDefault: false,
};
/** Where the script is, in samples of pages that load it from elsewhere. */
const CDN = 'https://cdn.example.com/prospect-live/';
/** What the elements need of a policy; the rest is the page's own. */
const OURS = ['script-src', 'connect-src'];

/**
 * Checks headers: a Content-Security-Policy gives the elements what the policy of the strict demo page does (which a browser test
 * proves), and nothing inline; a Permissions-Policy names the microphone.
 * @param {string} text
 * @param {boolean} [fromCdn] whether the script comes from a CDN rather than from the relay
 * @returns {string[]} problems
 */
export function checkPolicy(text, fromCdn = false) {
  const headers = readHeaders(text);
  const problems = [];
  const policy = headers.get('content-security-policy');
  if (policy) {
    if (/'unsafe-/.test(policy)) problems.push('the policy allows what is unsafe');
    const proven = directives(pagePolicy(RELAY, { scriptFromRelay: !fromCdn }));
    if (fromCdn) proven.get('script-src').push(CDN);
    const shown = directives(policy);
    for (const name of OURS) {
      const missing = (proven.get(name) ?? []).filter(
        (source) => source !== "'self'" && !shown.get(name)?.includes(source),
      );
      if (missing.length > 0) problems.push(`${name} lacks ${missing.join(' ')}`);
    }
  }
  const permissions = headers.get('permissions-policy');
  if (permissions !== undefined && !/(?:^|, )microphone=\([^)]+\)/.test(permissions))
    problems.push('the microphone is not permitted');
  return policy || permissions ? problems : ['neither a Content-Security-Policy nor a Permissions-Policy'];
}

function directives(policy) {
  return new Map(
    policy.split(/;\s*/).map((directive) => {
      const [name, ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );
}
