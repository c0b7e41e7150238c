import { type Html, html } from '../server/html.ts';
import { ADMINS, COMMERCIALS } from '../server/people.ts';
import { avatar, brand, layout, type PageContext } from './layout.ts';
import { qrCode } from './qr-code.ts';
import type { DemoWords } from './words.ts';

interface StartPage {
  /** Addresses of this demonstration for a phone on the same network, HTTPS. */
  readonly phoneUrls: readonly string[];
  /** True when the development authority's certificate can be downloaded. */
  readonly hasCertificate: boolean;
  /** False when this page was reached in a way that gives no microphone (plain HTTP, not localhost). */
  readonly microphonePossible: boolean;
}

/** The start page: what this is, who to be, how the relay is. */
export function startPage(context: PageContext, page: StartPage): string {
  const { words } = context;
  return layout(context, {
    title: `Prospect Live · ${words.demonstration}`,
    kind: 'start',
    head: html`<script type="module" src="/public/start.js"></script>`,
    body: html`<header class="bar">${brand(context)}${relayStatus(context)}</header>
      <main>
        <div class="hero">
          <h1>Prospect Live</h1>
          <p>${words.about}</p>
        </div>
        ${page.microphonePossible ? null : insecureNote(page.phoneUrls, words)}
        <ol class="steps">
          ${[words.step_commercial, words.step_admin, words.step_listen].map(([first, rest]) => html`<li><strong>${first}</strong>${rest}</li>`)}
        </ol>
        <div class="choices">
          <section class="sheet">
            <h2>${words.commercials}</h2>
            <ul class="people">
              ${COMMERCIALS.map((person) => personLink(`/as/${person.id}/prospection`, person.name, person.equipe, words))}
            </ul>
          </section>
          <section class="sheet">
            <h2>${words.admins}</h2>
            <ul class="people">
              ${ADMINS.map((person) => personLink(`/as/${person.id}/suivi`, person.name, person.equipes.join(', '), words))}
            </ul>
            <p class="note">${words.teams_only}</p>
          </section>
        </div>
        <p class="note">${words.session_note}</p>
        ${otherHosts(words)}
        ${phoneHelp(page, words)}
      </main>`,
  });
}

/** The same elements in other kinds of applications (demo/hosts). */
const HOSTS = ['plain', 'react', 'react18', 'vue', 'ssr', 'csp'] as const;

function otherHosts(words: DemoWords): Html {
  const [commercial] = COMMERCIALS;
  const [admin] = ADMINS;
  const link = (id: string | undefined, host: string, text: string) =>
    html`<a href="/as/${id}/${host}" target="_blank" rel="noopener">${text}</a>`;
  return html`<section class="sheet">
    <h2>${words.other_hosts}</h2>
    <ul>
      ${HOSTS.map(
        (host) =>
          html`<li>${words[`host_${host}`]}${words.colon}${link(commercial?.id, host, words.commercial)}, ${link(admin?.id, host, words.admin)}</li>`,
      )}
      <li>
        ${words.host_frame}${words.colon}
        <a href="/hosts/frame/${commercial?.id}" target="_blank" rel="noopener">${words.commercial}</a>,
        <a href="/hosts/frame/${admin?.id}" target="_blank" rel="noopener">${words.admin}</a>
      </li>
    </ul>
  </section>`;
}

function relayStatus(context: PageContext): Html {
  if (!context.relay) return html`<p class="status" data-state="down">${context.words.no_relay}</p>`;
  return html`<p class="status" data-state="unknown" data-status-url="${context.relay.origin}/api/streaming/status" role="status">
    <span class="dot" aria-hidden="true"></span><span data-status-text>${context.words.relay}</span>
  </p>`;
}

function personLink(url: string, name: string, teams: string, words: DemoWords): Html {
  return html`<li>
    <a href="${url}" target="_blank" rel="noopener">
      ${avatar(name)}<span><span class="verb">${words.open_as}</span> <strong>${name}</strong><small>${teams}</small></span>
    </a>
  </li>`;
}

function insecureNote(phoneUrls: readonly string[], words: DemoWords): Html {
  const url = phoneUrls[0];
  return html`<p class="warning">
    ${words.insecure}
    ${url ? html`${words.insecure_open} <a href="${url}">${url}</a>.` : html`${words.insecure_certs[0]} <code>npm run certs</code>${words.insecure_certs[1]}`}
  </p>`;
}

function phoneHelp({ phoneUrls, hasCertificate }: StartPage, words: DemoWords): Html | null {
  const [url] = phoneUrls;
  if (!hasCertificate || !url) return null;
  return html`<section class="sheet phone">
    <h2>${words.phone}</h2>
    ${qrCode(url, `${words.phone_code} ${url}`)}
    <ol>
      <li>
        ${words.phone_scan} ${phoneUrls.map((url, index) => html`${index > 0 ? ` ${words.or} ` : ''}<a href="${url}">${url}</a>`)} ${words.phone_accept}
      </li>
      <li>
        ${words.trust[0]} <a href="/certs/dev-ca.pem" download="prospect-live-dev-ca.pem">${words.trust[1]}</a> ${words.trust[2]}
      </li>
      <li>${words.phone_reload}</li>
    </ol>
    <p class="note">${words.phone_note}</p>
  </section>`;
}
