import { type Html, html } from '../server/html.ts';
import { ADMINS, COMMERCIALS } from '../server/people.ts';
import { avatar, brand, layout, type PageContext } from './layout.ts';

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
  return layout(context, {
    title: 'Prospect Live · démonstration',
    kind: 'start',
    head: html`<script type="module" src="/public/start.js"></script>`,
    body: html`<header class="bar">${brand()}${relayStatus(context)}</header>
      <main>
        <div class="hero">
          <h1>Prospect Live</h1>
          <p>
            Un commercial parle, son responsable écoute, en direct. Clairvoie est une entreprise imaginaire : ses pages n’ont
            reçu qu’une balise chacune.
          </p>
        </div>
        ${page.microphonePossible ? null : insecureNote(page.phoneUrls)}
        <ol class="steps">
          <li><strong>Ouvrez un commercial</strong> et cliquez sur le bouton bleu, en bas à droite.</li>
          <li><strong>Ouvrez son responsable</strong> dans un second onglet.</li>
          <li><strong>Cliquez sur le casque</strong> : vous entendez votre propre micro. Mettez un casque pour éviter l’écho.</li>
        </ol>
        <div class="choices">
          <section class="sheet">
            <h2>Commerciaux</h2>
            <ul class="people">
              ${COMMERCIALS.map((person) => personLink(`/as/${person.id}/prospection`, person.name, person.equipe))}
            </ul>
          </section>
          <section class="sheet">
            <h2>Responsables</h2>
            <ul class="people">
              ${ADMINS.map((person) => personLink(`/as/${person.id}/suivi`, person.name, person.equipes.join(', ')))}
            </ul>
            <p class="note">Un responsable ne voit et n’entend que ses équipes.</p>
          </section>
        </div>
        <p class="note">
          La connexion est factice : pas de mot de passe, le lien suffit. Chaque adresse a sa propre session, deux onglets
          peuvent donc être deux personnes. Le jeton remis à la page vit dix minutes et se renouvelle tout seul.
        </p>
        ${otherHosts()}
        ${phoneHelp(page)}
      </main>`,
  });
}

/** The same elements in other kinds of applications (demo/hosts). */
const HOSTS = [
  ['plain', 'HTML simple'],
  ['react', 'React 19, avec la carte'],
  ['react18', 'React 18'],
  ['vue', 'Vue 3'],
  ['ssr', 'Rendu par le serveur'],
  ['csp', 'Règles strictes'],
] as const;

function otherHosts(): Html {
  const [commercial] = COMMERCIALS;
  const [admin] = ADMINS;
  const link = (id: string | undefined, host: string, text: string) =>
    html`<a href="/as/${id}/${host}" target="_blank" rel="noopener">${text}</a>`;
  return html`<section class="sheet">
    <h2>Les mêmes balises, dans d’autres applications</h2>
    <ul>
      ${HOSTS.map(
        ([host, name]) =>
          html`<li>${name} : ${link(commercial?.id, host, 'commercial')}, ${link(admin?.id, host, 'responsable')}</li>`,
      )}
      <li>
        Dans un cadre d’une autre origine :
        <a href="/hosts/frame/${commercial?.id}" target="_blank" rel="noopener">commercial</a>,
        <a href="/hosts/frame/${admin?.id}" target="_blank" rel="noopener">responsable</a>
      </li>
    </ul>
  </section>`;
}

function relayStatus(context: PageContext): Html {
  if (!context.relay) return html`<p class="status" data-state="down">Pas de relais pour cette adresse</p>`;
  return html`<p class="status" data-state="unknown" data-status-url="${context.relay.origin}/api/streaming/status" role="status">
    <span class="dot" aria-hidden="true"></span><span data-status-text>Relais…</span>
  </p>`;
}

function personLink(url: string, name: string, teams: string): Html {
  return html`<li>
    <a href="${url}" target="_blank" rel="noopener">
      ${avatar(name)}<span><span class="verb">Ouvrir en tant que</span> <strong>${name}</strong><small>${teams}</small></span>
    </a>
  </li>`;
}

function insecureNote(phoneUrls: readonly string[]): Html {
  const url = phoneUrls[0];
  return html`<p class="warning">
    Cette adresse est en HTTP : le navigateur y refuse le micro.
    ${url ? html`Pour parler, ouvrez <a href="${url}">${url}</a>.` : html`Pour parler, lancez <code>npm run certs</code>, puis ouvrez l’adresse HTTPS.`}
  </p>`;
}

function phoneHelp({ phoneUrls, hasCertificate }: StartPage): Html | null {
  if (!hasCertificate || phoneUrls.length === 0) return null;
  return html`<section class="sheet phone">
    <h2>Avec un téléphone, sur le même réseau</h2>
    <ol>
      <li>
        Sur le téléphone, ouvrez ${phoneUrls.map((url, index) => html`${index > 0 ? ' ou ' : ''}<a href="${url}">${url}</a>`)} et acceptez
        l’avertissement le temps de l’étape suivante.
      </li>
      <li>
        Téléchargez <a href="/certs/dev-ca.pem" download="prospect-live-dev-ca.pem">le certificat de développement</a> et faites-lui confiance.
        iPhone : Réglages, Profil téléchargé, Installer, puis Général, Informations, Réglages des certificats. Android :
        Paramètres, Sécurité, Chiffrement et identifiants, Installer un certificat, Certificat CA.
      </li>
      <li>Rechargez la page, ouvrez un commercial, autorisez le micro.</li>
    </ol>
    <p class="note">Ce certificat ne vaut que pour cet ordinateur. Retirez-le du téléphone après l’essai.</p>
  </section>`;
}
