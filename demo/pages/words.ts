/** The demo's own words, in the languages of its visitors. What the company's data says (names, teams, addresses) is in French. */

/** A language of the pages. */
export type DemoLanguage = 'fr' | 'en';

const french = {
  home: 'Clairvoie, accueil',
  back: 'Retour à l’accueil',
  not_found: 'Page introuvable',
  leads_nowhere: 'Cette adresse ne mène nulle part.',

  demonstration: 'démonstration',
  about:
    'Un commercial parle, son responsable écoute, en direct. Clairvoie est une entreprise imaginaire : ses pages n’ont reçu qu’une balise chacune.',
  step_commercial: ['Ouvrez un commercial', ' et cliquez sur le bouton bleu, en bas à droite.'],
  step_admin: ['Ouvrez son responsable', ' dans un second onglet.'],
  step_listen: ['Cliquez sur le casque', ' : vous entendez votre propre micro. Mettez un casque pour éviter l’écho.'],
  commercials: 'Commerciaux',
  admins: 'Responsables',
  teams_only: 'Un responsable ne voit et n’entend que ses équipes.',
  session_note:
    'La connexion est factice : pas de mot de passe, le lien suffit. Chaque adresse a sa propre session, deux onglets peuvent donc être deux personnes. Le jeton remis à la page vit dix minutes et se renouvelle tout seul.',
  other_hosts: 'Les mêmes balises, dans d’autres applications (en français)',
  host_plain: 'HTML simple',
  host_react: 'React 19, avec la carte',
  host_react18: 'React 18',
  host_vue: 'Vue 3',
  host_ssr: 'Rendu par le serveur',
  host_csp: 'Règles strictes',
  host_frame: 'Dans un cadre d’une autre origine',
  colon: ' : ',
  commercial: 'commercial',
  admin: 'responsable',
  no_relay: 'Pas de relais pour cette adresse',
  relay: 'Relais…',
  open_as: 'Ouvrir en tant que',
  insecure: 'Cette adresse est en HTTP : le navigateur y refuse le micro.',
  insecure_open: 'Pour parler, ouvrez',
  insecure_certs: ['Pour parler, lancez', ', puis ouvrez l’adresse HTTPS.'],
  phone: 'Avec un téléphone, sur le même réseau',
  phone_scan: 'Sur le téléphone, scannez ce code, ou ouvrez',
  phone_accept: 'et acceptez l’avertissement le temps de l’étape suivante.',
  phone_code: 'Code QR de',
  or: 'ou',
  trust: [
    'Téléchargez',
    'le certificat de développement',
    'et faites-lui confiance. iPhone : Réglages, Profil téléchargé, Installer, puis Général, Informations, Réglages des certificats. Android : Paramètres, Sécurité, Chiffrement et identifiants, Installer un certificat, Certificat CA.',
  ],
  phone_reload: 'Rechargez la page, ouvrez un commercial, autorisez le micro.',
  phone_note: 'Ce certificat ne vaut que pour cet ordinateur. Retirez-le du téléphone après l’essai.',

  doors_title: 'Prospection - portes',
  sector: 'Secteur',
  my_day: 'Ma journée',
  visited: 'Visitées',
  interested: 'Intéressés',
  signed: 'Signés',
  doors_visited: 'Portes visitées',
  my_doors: 'Mes portes',
  result_of: 'Résultat de la visite,',
  visit_todo: 'À visiter',
  visit_absent: 'Absent',
  visit_callback: 'À rappeler',
  visit_interested: 'Intéressé',
  visit_signed: 'Signé',
  visit_refused: 'Refus',

  follow: 'Suivi',
  live_listening: 'Écoute en direct',
  team_day: 'La journée de l’équipe',
  contracts: 'Contrats signés',
  activity: 'Activité de l’équipe',
  person: 'Commercial',
  progress: 'Avancement',
  last_visit: 'Dernière visite',
  visited_by: 'Portes visitées par',
} as const;

type Widened<T> = T extends string ? string : { readonly [I in keyof T]: string };

/** The words of the demo's pages in one language. */
export type DemoWords = { readonly lang: DemoLanguage } & {
  readonly [K in keyof typeof french]: Widened<(typeof french)[K]>;
};

const english: Omit<DemoWords, 'lang'> = {
  home: 'Clairvoie, home',
  back: 'Back to the start',
  not_found: 'Page not found',
  leads_nowhere: 'This address leads nowhere.',

  demonstration: 'demonstration',
  about:
    'A rep speaks, their manager listens, live. Clairvoie is an imaginary company: each of its pages was given one tag, and nothing else.',
  step_commercial: ['Open a rep', ' and press the blue button at the bottom right.'],
  step_admin: ['Open their manager', ' in a second tab.'],
  step_listen: ['Press the headphones', ': you hear your own microphone. Wear headphones, or it will echo.'],
  commercials: 'Reps',
  admins: 'Managers',
  teams_only: 'A manager sees and hears their own teams alone.',
  session_note:
    'Signing in is pretended: there is no password, the link is enough. Each address has a session of its own, so that two tabs can be two people. The token that a page gets lives ten minutes and renews itself.',
  other_hosts: 'The same tags in other applications (in French)',
  host_plain: 'Plain HTML',
  host_react: 'React 19, with the map',
  host_react18: 'React 18',
  host_vue: 'Vue 3',
  host_ssr: 'Server-rendered',
  host_csp: 'Strict policy',
  host_frame: 'In a frame of another origin',
  colon: ': ',
  commercial: 'rep',
  admin: 'manager',
  no_relay: 'No relay for this address',
  relay: 'Relay…',
  open_as: 'Open as',
  insecure: 'This address is plain HTTP: browsers give it no microphone.',
  insecure_open: 'To speak, open',
  insecure_certs: ['To speak, run', ', then open the HTTPS address.'],
  phone: 'With a phone in the same network',
  phone_scan: 'On the phone, scan this code, or open',
  phone_accept: 'and accept the warning until the next step is done.',
  phone_code: 'QR code of',
  or: 'or',
  trust: [
    'Download',
    'the development certificate',
    'and trust it. iPhone: Settings, Profile Downloaded, Install, then General, About, Certificate Trust Settings. Android: Settings, Security, Encryption and credentials, Install a certificate, CA certificate.',
  ],
  phone_reload: 'Reload the page, open a rep, allow the microphone.',
  phone_note: 'This certificate is for this computer alone. Remove it from the phone when you are done.',

  doors_title: 'Doors of today',
  sector: 'Area',
  my_day: 'My day',
  visited: 'Visited',
  interested: 'Interested',
  signed: 'Signed',
  doors_visited: 'Doors visited',
  my_doors: 'My doors',
  result_of: 'Result of the visit,',
  visit_todo: 'To visit',
  visit_absent: 'Nobody home',
  visit_callback: 'Call back',
  visit_interested: 'Interested',
  visit_signed: 'Signed',
  visit_refused: 'Refused',

  follow: 'Team',
  live_listening: 'Live listening',
  team_day: 'The team’s day',
  contracts: 'Contracts signed',
  activity: 'What the team does',
  person: 'Rep',
  progress: 'Progress',
  last_visit: 'Last visit',
  visited_by: 'Doors visited by',
};

/** The pages' words, by language. */
export const DEMO_WORDS: Readonly<Record<DemoLanguage, DemoWords>> = {
  fr: { lang: 'fr', ...french },
  en: { lang: 'en', ...english },
};
