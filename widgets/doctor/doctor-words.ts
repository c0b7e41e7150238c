/** A text in English and in French. */
type Pair = readonly [en: string, fr: string];

/** Every text of the page /doctor: `c_` names a check, `f_` says what to do about one that failed. `{n}` is filled in. */
export const DOCTOR_WORDS = {
  title: ['Is everything ready for live sound?', 'Tout est-il prêt pour le son en direct\u00a0?'],
  intro: [
    'This page tries, on this device and this network, all that live sound needs. Nothing is recorded, and nobody else hears you.',
    'Cette page essaie, sur cet appareil et ce réseau, tout ce dont le son en direct a besoin. Rien n’est enregistré, et personne d’autre ne vous entend.',
  ],
  token: ['Sign-in token', 'Jeton d’identification'],
  token_help: [
    'From your application or your support. It is read here and goes to this relay alone.',
    'De votre application ou de votre support. Il est lu ici et ne va qu’à ce relais.',
  ],
  start: ['Start', 'Commencer'],
  stop: ['Stop', 'Arrêter'],
  copy: ['Copy the report', 'Copier le rapport'],
  copied: ['The report is copied. It holds no secret.', 'Le rapport est copié. Il ne contient aucun secret.'],
  not_copied: [
    'The browser does not let the page copy. Select the text below.',
    'Le navigateur ne permet pas de copier. Sélectionnez le texte ci-dessous.',
  ],
  report: ['Report', 'Rapport'],
  checks: ['Checks', 'Vérifications'],
  other_language: ['Français', 'English'],
  level: ['Level', 'Niveau'],
  running: ['Checking…', 'Vérification…'],
  all_well: ['All is well.', 'Tout va bien.'],
  some_failed: ['{n} not well: see below what to do.', '{n} à corriger\u00a0: voyez ci-dessous que faire.'],

  waiting: ['waiting', 'en attente'],
  ok: ['good', 'bon'],
  warning: ['attention', 'attention'],
  failed: ['failed', 'échec'],
  skipped: ['not tried', 'non essayé'],

  c_secure: ['Secure page', 'Page sécurisée'],
  c_version: ['Version of the relay', 'Version du relais'],
  c_certificate: ['Certificate', 'Certificat'],
  c_clock: ['Clock of this device', 'Horloge de cet appareil'],
  c_permission: ['Permission for the microphone', 'Autorisation du micro'],
  c_microphone: ['Microphone', 'Micro'],
  c_socket: ['Connection to the relay', 'Connexion au relais'],
  c_token: ['Sign-in', 'Identification'],
  c_udp: ['Sound over UDP', 'Son par UDP'],
  c_tcp: ['Sound over TCP', 'Son par TCP'],
  c_turn: ['Sound over TURN', 'Son par TURN'],
  c_autoplay: ['Playing sound', 'Lecture du son'],
  c_loop: ['Hearing yourself', 'Vous entendre'],

  n_speak: [
    'Speak: you hear yourself half a second later. Put headphones on, or it may whistle.',
    'Parlez\u00a0: vous vous entendez une demi-seconde plus tard. Mettez un casque, sinon cela peut siffler.',
  ],
  n_days: ['{n} days left', 'encore {n} jours'],
  n_proxy: ['accepted by this browser', 'accepté par ce navigateur'],
  n_level: ['loudest: {n} dB', 'au plus fort\u00a0: {n} dB'],
  n_not_measured: [
    'open; this browser does not measure how loud it is',
    'ouvert\u00a0; ce navigateur ne mesure pas le niveau',
  ],
  n_off: ['{n} s off', 'décalage de {n} s'],
  n_right: ['right to the second', 'juste à la seconde près'],
  n_reached: ['reached in {n} ms', 'joint en {n} ms'],
  n_connected: ['connected in {n} ms', 'connecté en {n} ms'],
  n_none: ['none is configured', 'aucun n’est configuré'],
  n_heard: ['came back in {n} ms', 'revenu en {n} ms'],
  n_plays: ['the browser plays', 'le navigateur joue'],
  n_needs_token: ['needs a token', 'demande un jeton'],
  n_needs_microphone: ['needs the microphone', 'demande le micro'],
  n_needs_sign_in: ['needs an accepted sign-in', 'demande une identification acceptée'],
  n_left: ['{n} min left', 'encore {n} min'],
  n_granted: ['given', 'donnée'],
  n_asked: ['will be asked for', 'sera demandée'],

  f_secure: [
    'Open the page by https://. Without it browsers give no microphone.',
    'Ouvrez la page en https://. Sans cela les navigateurs ne donnent pas de micro.',
  ],
  f_version: [
    'The relay does not answer this page. Reload it; if that does not help, a proxy stands between.',
    'Le relais ne répond pas à cette page. Rechargez-la\u00a0; si cela n’aide pas, un proxy s’interpose.',
  ],
  f_version_old: [
    'Reload the page: it is of another version than the relay.',
    'Rechargez la page\u00a0: elle n’est pas de la version du relais.',
  ],
  f_certificate: [
    'Whoever runs the relay has to renew its certificate.',
    'L’exploitant du relais doit renouveler son certificat.',
  ],
  f_clock: [
    'Let the device set its time by itself (Settings, Date and time).',
    'Laissez l’appareil régler l’heure tout seul (Réglages, Date et heure).',
  ],
  f_permission: [
    'Allow the microphone for this site: the sign beside the address, or the settings of the browser.',
    'Autorisez le micro pour ce site\u00a0: le symbole près de l’adresse, ou les réglages du navigateur.',
  ],
  f_microphone_denied: [
    'The microphone was refused. Allow it for this site, and for the browser in the settings of the device; then start again.',
    'Le micro a été refusé. Autorisez-le pour ce site, et pour le navigateur dans les réglages de l’appareil\u00a0; puis recommencez.',
  ],
  f_microphone_not_found: ['There is no microphone. Connect one.', 'Il n’y a pas de micro. Branchez-en un.'],
  f_microphone_in_use: [
    'Another application has the microphone. Close it.',
    'Une autre application utilise le micro. Fermez-la.',
  ],
  f_microphone: [
    'Use a current Chrome, Safari, Edge or Firefox, not a browser inside another application.',
    'Utilisez Chrome, Safari, Edge ou Firefox à jour, pas un navigateur dans une autre application.',
  ],
  f_microphone_silent: [
    'The microphone gives no sound. Is it switched off, covered, or another one than you speak into?',
    'Le micro ne donne aucun son. Est-il coupé, couvert, ou parlez-vous dans un autre\u00a0?',
  ],
  f_socket: [
    'The network, a proxy or a firewall lets no WebSocket pass to this relay. Try another network; tell the administrator of this one.',
    'Le réseau, un proxy ou un pare-feu ne laisse passer aucun WebSocket vers ce relais. Essayez un autre réseau\u00a0; prévenez l’administrateur de celui-ci.',
  ],
  f_busy: [
    'The relay has no room just now. Try again in a minute.',
    'Le relais n’a pas de place pour l’instant. Réessayez dans une minute.',
  ],
  f_origin: [
    'The relay does not take this page. Open it by the relay’s own address.',
    'Le relais n’accepte pas cette page. Ouvrez-la par l’adresse du relais lui-même.',
  ],
  f_token_expired: [
    'This token has ended. Sign in again, and take a fresh one.',
    'Ce jeton a expiré. Identifiez-vous de nouveau et prenez-en un autre.',
  ],
  f_token_not_yet_valid: [
    'This token is good only later: the clock of the server that made it is ahead.',
    'Ce jeton n’est valable que plus tard\u00a0: l’horloge du serveur qui l’a fait avance.',
  ],
  f_token_audience: [
    'This token is for another service (aud). Whoever makes tokens has to name this relay (JWT_AUDIENCE).',
    'Ce jeton est pour un autre service (aud). Qui fait les jetons doit nommer ce relais (JWT_AUDIENCE).',
  ],
  f_token_issuer: [
    'This token is of another issuer (iss) than the relay expects (JWT_ISSUER).',
    'Ce jeton est d’un autre émetteur (iss) que celui que le relais attend (JWT_ISSUER).',
  ],
  f_token_signature: [
    'This token was signed with another key than the relay’s. The servers have different secrets.',
    'Ce jeton a été signé avec une autre clé que celle du relais. Les serveurs ont des secrets différents.',
  ],
  f_token_claims: [
    'This token lacks something that the relay needs; what, is said beside.',
    'Il manque à ce jeton quelque chose dont le relais a besoin\u00a0; quoi, est dit à côté.',
  ],
  f_token: [
    'That is no token, or only part of one. Copy it again, whole.',
    'Ce n’est pas un jeton, ou seulement une partie. Copiez-le de nouveau, en entier.',
  ],
  f_token_keys: [
    'The relay cannot fetch the keys of your sign-in service. Try again later; tell whoever runs the relay (JWKS_URL).',
    'Le relais ne peut pas obtenir les clés de votre service d’identification. Réessayez plus tard\u00a0; prévenez l’exploitant (JWKS_URL).',
  ],
  f_udp: [
    'UDP does not pass here. Over TCP sound may lag. The administrator of the network has to let it out to the address beside.',
    'UDP ne passe pas ici. Par TCP le son peut être en retard. L’administrateur du réseau doit le laisser sortir vers l’adresse indiquée.',
  ],
  f_tcp: [
    'TCP does not pass to the relay’s media port. It is needed where UDP does not pass: let it out to the address beside.',
    'TCP ne passe pas vers le port média du relais. Il sert là où UDP ne passe pas\u00a0: laissez-le sortir vers l’adresse indiquée.',
  ],
  f_turn: [
    'The TURN server does not answer or does not lead to the relay. Is it reached from here?',
    'Le serveur TURN ne répond pas ou ne mène pas au relais. Est-il joignable d’ici\u00a0?',
  ],
  f_turn_refused: [
    'The TURN server refuses the relay’s credentials: TURN_SECRET is not its own, or its clock is wrong.',
    'Le serveur TURN refuse les identifiants du relais\u00a0: TURN_SECRET n’est pas le sien, ou son horloge est fausse.',
  ],
  f_autoplay: [
    'The browser plays no sound. Allow sound for this site, and press Start again.',
    'Le navigateur ne joue aucun son. Autorisez le son pour ce site et appuyez de nouveau sur Commencer.',
  ],
  f_loop: [
    'Your sound does not come back, although it should. Tell your support, with the report.',
    'Votre son ne revient pas, alors qu’il le devrait. Prévenez votre support, avec le rapport.',
  ],
} as const satisfies Record<string, Pair>;

/** The name of a text. */
export type DoctorText = keyof typeof DOCTOR_WORDS;

/** The texts of one language. */
export type DoctorWords = (key: DoctorText, n?: string | number) => string;

/** The page's texts in a language. */
export function doctorWords(language: 'en' | 'fr'): DoctorWords {
  return (key, n) => DOCTOR_WORDS[key][language === 'en' ? 0 : 1].replace('{n}', String(n ?? '{n}'));
}

/** The page's language: the first of the browser's that it speaks (BCP 47), else English. */
export function doctorLanguage(tags: readonly string[]): 'en' | 'fr' {
  const found = tags.map((tag) => /^(fr|en)\b/i.exec(tag)?.[1]?.toLowerCase()).find(Boolean);
  return found === 'fr' ? 'fr' : 'en';
}
