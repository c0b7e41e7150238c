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
  keep_on: [
    'Keep the screen on: a locked phone stops recording.',
    'Gardez l’écran allumé\u00a0: un téléphone verrouillé n’enregistre plus.',
  ],
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
  /** While the network is lost: they may listen again when it is back. */
  was: ['Was listening: {names}.', 'À l’écoute avant la coupure\u00a0: {names}.'],
  listened: ['{names} listened.', '{names} a écouté.'],
  listened_many: ['{names} listened.', '{names} ont écouté.'],
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
  e_token: [
    'The service does not accept this sign-in, or it has ended. Sign in again.',
    'Le service n’accepte pas cette identification, ou elle a expiré. Identifiez-vous de nouveau.',
  ],
  e_setup: [
    'This page or this person has no access to the service. Tell your administrator.',
    'Cette page ou cette personne n’a pas accès au service. Prévenez votre administrateur.',
  ],
  e_token_provider_failed: [
    'The sign-in could not be renewed. It is tried again by itself; check your network.',
    'La connexion n’a pas pu être renouvelée. Un nouvel essai est automatique\u00a0; vérifiez votre réseau.',
  ],
  e_outdated: [
    'This page is older than the service and cannot be used with it. Reload the page.',
    'Cette page est plus ancienne que le service et ne peut plus l’utiliser. Rechargez-la.',
  ],
  e_busy: [
    'The service cannot do this at the moment. Try again in a few seconds.',
    'Le service n’est pas disponible pour le moment. Réessayez dans quelques secondes.',
  ],
  e_unknown: [
    'Something went wrong ({code}). Try again; if it goes on, tell your administrator.',
    'Un problème est survenu ({code}). Réessayez\u00a0; s’il persiste, prévenez votre administrateur.',
  ],
  e_relay_url_invalid: [
    'The address of the service is wrong in this page. Tell your administrator.',
    'L’adresse du service est incorrecte dans cette page. Prévenez votre administrateur.',
  ],
  e_relay_unreachable: [
    'The service cannot be reached. Check your network; the connection comes back by itself.',
    'Le service est injoignable. Vérifiez votre réseau\u00a0; la connexion reviendra toute seule.',
  ],
  e_media_failed: [
    'The sound cannot reach the service from this network. Try another network, or tell your administrator.',
    'Le son n’atteint pas le service depuis ce réseau. Essayez un autre réseau ou prévenez votre administrateur.',
  ],
  e_time_limit: [
    'The longest time for one stream is over, and it has ended. Tap to start again.',
    'La durée maximale d’un direct est atteinte, il est terminé. Touchez pour recommencer.',
  ],
  e_microphone_denied: ['This page may not use the microphone.', 'Cette page n’a pas le droit d’utiliser le micro.'],
  e_microphone_not_found: [
    'This device has no microphone, or it is not plugged in. Plug one in, then tap again.',
    'Cet appareil n’a pas de micro, ou il n’est pas branché. Branchez-en un, puis touchez de nouveau.',
  ],
  e_microphone_in_use: [
    'Another application or a call is using the microphone. Close it, then tap again.',
    'Une autre application ou un appel utilise le micro. Fermez-la, puis touchez de nouveau.',
  ],
  e_microphone_failed: [
    'The microphone did not start. Tap again; if it goes on, unplug it or restart the browser.',
    'Le micro n’a pas démarré. Touchez de nouveau\u00a0; si cela continue, débranchez-le ou redémarrez le navigateur.',
  ],
  e_microphone_ended: [
    'The microphone stopped by itself. Tap again to take it anew.',
    'Le micro s’est arrêté tout seul. Touchez de nouveau pour le reprendre.',
  ],
  e_microphone_blocked_by_policy: [
    'The frame in which this page stands gets no microphone. Open the page in a tab of its own.',
    'Le cadre où se trouve cette page n’a pas accès au micro. Ouvrez la page dans son propre onglet.',
  ],
  e_insecure_context: [
    'Browsers give no microphone to a page without https. Open the page with https.',
    'Les navigateurs ne donnent pas de micro à une page sans https. Ouvrez la page en https.',
  ],
  e_unsupported: [
    'This browser cannot send or receive live sound. Open the page in Safari, Chrome or Firefox.',
    'Ce navigateur ne sait ni envoyer ni recevoir du son en direct. Ouvrez la page dans Safari, Chrome ou Firefox.',
  ],

  // How to unblock the microphone.
  u_safari: [
    'Allow it in the Safari menu, or under “aA” in the address bar, Website settings.',
    'Autorisez-le dans le menu Safari, ou sous «\u00a0aA\u00a0» dans la barre d’adresse, Réglages du site web.',
  ],
  u_other: [
    'Allow it at the icon to the left of the address, then tap again.',
    'Autorisez-le à l’icône à gauche de l’adresse, puis touchez de nouveau.',
  ],
} as const satisfies Readonly<Record<string, Pair>>;

/** The key of a text. */
export type TextKey = keyof typeof WORDS;
