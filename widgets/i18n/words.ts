/** A text in English and in French: side by side, so that neither language can lack one. */
type Pair = readonly [en: string, fr: string];

/**
 * Every text of both elements. A `{hole}` is filled in, and is the same in both languages. `s_` and `e_` are followed by a state and
 * by the code of a failure, or by the name of a family of codes. French has a no-break space before `:` and inside « ».
 */
export const WORDS = {
  /** For `Intl`. */
  lang: ['en', 'fr'],

  // States of both elements and of the rows.
  s_idle: ['Offline', 'Hors ligne'],
  s_offline: ['Offline', 'Hors ligne'],
  s_connecting: ['Connecting…', 'Connexion…'],
  s_ready: ['Online', 'En ligne'],
  s_starting: ['Starting…', 'Démarrage…'],
  s_live: ['Live', 'En direct'],
  s_paused: ['Paused', 'En pause'],
  s_joining: ['Connecting…', 'Connexion…'],
  s_reconnecting: ['Reconnecting…', 'Reconnexion…'],
  s_stopping: ['Stopping…', 'Arrêt…'],
  s_waiting: ['Waiting…', 'En attente…'],
  s_listening: ['Listening', 'À l’écoute'],
  s_blocked: ['Sound blocked by the browser', 'Son bloqué par le navigateur'],
  s_interrupted: ['Interrupted', 'Interrompu'],
  microphone: ['Microphone interrupted', 'Micro interrompu'],
  hidden: ['Page in the background', 'Page en arrière-plan'],
  network: ['Network interrupted', 'Réseau interrompu'],
  replaced: [
    'Continues in another tab or on another device.',
    'Se poursuit dans un autre onglet ou sur un autre appareil.',
  ],
  stop: ['Stop', 'Arrêter'],

  // The commercial's button.
  share: ['Share my audio live', 'Diffuser mon audio en direct'],
  tap: ['Tap to resume', 'Toucher pour reprendre'],
  d_idle: ['Waiting for your sign-in.', 'En attente de votre identification.'],
  d_ready: ['Nobody hears you until you tap.', 'Personne ne vous entend tant que vous n’avez pas appuyé.'],
  d_starting: ['Allow the microphone if the browser asks.', 'Autorisez le micro si le navigateur le demande.'],
  keep_on: ['Keep the screen on.', 'Gardez l’écran allumé.'],
  d_paused: ['Nobody hears you until you resume.', 'Personne ne vous entend jusqu’à la reprise.'],
  resumes: ['{cause}. Sound resumes by itself.', '{cause}. Le son reprendra tout seul.'],
  nobody: ['Nobody is listening.', 'Personne n’écoute.'],
  not_sent: ['No sound leaves your device.', 'Aucun son ne quitte votre appareil.'],
  voice_shown: [
    'Your managers see when you speak, also while nobody listens.',
    'Vos responsables voient quand vous parlez, même si personne n’écoute.',
  ],
  hears: ['{names} is listening.', '{names} vous écoute.'],
  hear: ['{names} are listening.', '{names} vous écoutent.'],
  wait: ['Waiting: {names}.', 'En attente\u00a0: {names}.'],
  pause: ['Privacy pause', 'Pause confidentielle'],
  unpause: ['Resume sound', 'Reprendre le son'],

  // The admin's panel.
  title: ['Reps', 'Commerciaux'],
  search: ['Name or team', 'Nom ou équipe'],
  listen_to: ['Listen to {name}', 'Écouter {name}'],
  since: ['since {time}', 'depuis {time}'],
  listeners: ['Listeners: {n}', 'Auditeurs\u00a0: {n}'],
  empty: ['Nobody here yet.', 'Personne ici pour l’instant.'],
  no_match: ['Nobody matches “{query}”', 'Personne ne correspond à «\u00a0{query}\u00a0»'],
  sound_on: ['Turn the sound on', 'Activer le son'],
  mute: ['Mute', 'Couper le son'],
  good: ['Connection: good', 'Connexion\u00a0: bonne'],
  fair: ['Connection: fair', 'Connexion\u00a0: moyenne'],
  poor: ['Connection: poor', 'Connexion\u00a0: faible'],

  // Failures: what is wrong, and what to do. First the families.
  e_token: ['Access refused. Sign in again.', 'Accès refusé. Reconnectez-vous.'],
  e_setup: ['No access here. Tell your administrator.', 'Pas d’accès ici. Prévenez votre administrateur.'],
  e_token_provider_failed: [
    'The sign-in could not be renewed. It is tried again by itself; check your network.',
    'La connexion n’a pas pu être renouvelée. Un nouvel essai est automatique\u00a0; vérifiez votre réseau.',
  ],
  e_outdated: ['This page is too old. Reload it.', 'Cette page est trop ancienne. Rechargez-la.'],
  e_busy: ['Service not available. Try again in a moment.', 'Service indisponible. Réessayez dans un instant.'],
  e_unknown: ['Something failed ({code}). Try again.', 'Un problème est survenu ({code}). Réessayez.'],
  e_relay_url_invalid: [
    'Wrong address of the service. Tell your administrator.',
    'Adresse du service incorrecte. Prévenez votre administrateur.',
  ],
  e_relay_unreachable: ['Service out of reach. Check your network.', 'Service injoignable. Vérifiez votre réseau.'],
  e_media_failed: [
    'The sound cannot reach the service from this network. Try another network, or tell your administrator.',
    'Le son n’atteint pas le service depuis ce réseau. Essayez un autre réseau ou prévenez votre administrateur.',
  ],
  e_time_limit: ['Time limit reached. Tap to start again.', 'Durée maximale atteinte. Touchez pour recommencer.'],
  e_microphone_denied: ['The microphone is blocked.', 'Le micro est bloqué.'],
  e_microphone_not_found: ['No microphone. Plug one in, then tap.', 'Aucun micro. Branchez-en un, puis touchez.'],
  e_microphone_in_use: [
    'Another app has the microphone. Close it, then tap.',
    'Une autre application a le micro. Fermez-la, puis touchez.',
  ],
  e_microphone_failed: ['The microphone did not start. Tap again.', 'Le micro n’a pas démarré. Touchez de nouveau.'],
  e_microphone_ended: ['The microphone stopped. Tap again.', 'Le micro s’est arrêté. Touchez de nouveau.'],
  e_microphone_blocked_by_policy: [
    'No microphone in this frame. Open the page in its own tab.',
    'Pas de micro dans ce cadre. Ouvrez la page dans un onglet à part.',
  ],
  e_insecure_context: [
    'No microphone without https. Open the page with https.',
    'Pas de micro sans https. Ouvrez la page en https.',
  ],
  e_unsupported: [
    'This browser cannot do this. Open the page in Safari, Chrome or Firefox.',
    'Ce navigateur ne le permet pas. Ouvrez la page dans Safari, Chrome ou Firefox.',
  ],

  // How to unblock the microphone.
  u_safari: [
    'Allow it in the Safari menu or “aA”, Website settings.',
    'Autorisez-le dans le menu Safari ou «\u00a0aA\u00a0», Réglages du site web.',
  ],
  u_other: ['Allow it at the icon left of the address.', 'Autorisez-le à l’icône à gauche de l’adresse.'],
} as const satisfies Readonly<Record<string, Pair>>;

/** The key of a text. */
export type TextKey = keyof typeof WORDS;
