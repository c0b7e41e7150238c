/** A text in English and in French: side by side, so that neither language can lack one. */
type Pair = readonly [en: string, fr: string];

/**
 * Every text of both elements. Keys that end in `_one` / `_other` are plural forms; `{braces}` are filled in, and are the same
 * in both languages.
 */
export const WORDS = {
  // The commercial's button.
  share: ['Share my audio live', 'Diffuser mon audio en direct'],
  resume_tap: ['Tap to resume', 'Toucher pour reprendre'],
  s_idle: ['Not connected', 'Non connecté'],
  s_connecting: ['Connecting…', 'Connexion…'],
  s_ready: ['Ready', 'Prêt'],
  s_starting: ['Starting…', 'Démarrage…'],
  s_live: ['You are live', 'Vous êtes en direct'],
  s_paused: ['Paused', 'En pause'],
  s_interrupted: ['Interrupted', 'Interrompu'],
  s_reconnecting: ['Reconnecting…', 'Reconnexion…'],
  s_stopping: ['Stopping…', 'Arrêt…'],
  d_idle: ['Waiting for this page to sign you in.', 'En attente de votre connexion à cette page.'],
  d_connecting: ['Check your network if this lasts.', 'Vérifiez votre réseau si cela dure.'],
  d_ready: [
    'Tap the blue button to share your audio. Nobody hears you before.',
    'Touchez le bouton bleu pour diffuser. Personne ne vous entend avant.',
  ],
  d_starting: ['Allow the microphone if your browser asks.', 'Autorisez le micro si le navigateur le demande.'],
  d_paused: ['Nobody hears you until you resume.', 'Personne ne vous entend jusqu’à la reprise.'],
  d_microphone: [
    'The microphone is taken (a call?). Sound resumes by itself.',
    'Le micro est pris (un appel ?). Le son reprendra tout seul.',
  ],
  d_hidden: [
    'This page is hidden. Sound resumes when you come back.',
    'Cette page est masquée. Le son reprend à votre retour.',
  ],
  d_network: ['The network is lost. Sound resumes by itself.', 'Le réseau est perdu. Le son reprendra tout seul.'],
  d_tap: ['Tap the button to take the microphone again.', 'Touchez le bouton pour reprendre le micro.'],
  d_replaced: [
    'Your stream went on in another page or device.',
    'Votre direct continue sur une autre page ou un autre appareil.',
  ],
  d_nobody: ['Nobody is listening.', 'Personne n’écoute.'],
  d_not_sent: ['No sound leaves your device.', 'Aucun son ne quitte votre appareil.'],
  who_one: ['{names} is listening.', '{names} vous écoute.'],
  who_other: ['{names} are listening.', '{names} vous écoutent.'],
  wait_one: ['{names} is waiting.', '{names} attend.'],
  wait_other: ['{names} are waiting.', '{names} attendent.'],
  others_one: ['{n} other', '{n} autre'],
  others_other: ['{n} others', '{n} autres'],
  pause: ['Privacy pause', 'Pause privée'],
  unpause: ['Resume sound', 'Reprendre le son'],
  stop: ['Stop', 'Arrêter'],

  // The admin's panel: the list.
  title: ['Reps', 'Commerciaux'],
  live_count: ['{n} live', '{n} en direct'],
  search: ['Search by name or team', 'Chercher par nom ou équipe'],
  listen_to: ['Listen to {name}', 'Écouter {name}'],
  r_live: ['Live', 'En direct'],
  r_ready: ['Not streaming', 'Ne diffuse pas'],
  r_offline: ['Offline', 'Hors ligne'],
  r_waiting: ['Waiting…', 'En attente…'],
  since: ['for {t}', 'depuis {t}'],
  since_now: ['just now', 'à l’instant'],
  listeners_one: ['{n} listener', '{n} auditeur'],
  listeners_other: ['{n} listeners', '{n} auditeurs'],
  empty: ['No rep here yet', 'Aucun commercial pour l’instant'],
  d_empty: [
    'The reps of your teams appear here when they connect.',
    'Les commerciaux de vos équipes apparaissent ici dès qu’ils se connectent.',
  ],
  no_match: ['Nobody matches “{q}”', 'Personne ne correspond à « {q} »'],

  // The admin's panel: the dock.
  l_waiting: ['Waiting for the stream…', 'En attente du direct…'],
  l_joining: ['Connecting the sound…', 'Connexion du son…'],
  l_listening: ['Listening', 'À l’écoute'],
  l_blocked: ['Your browser keeps the sound off', 'Le navigateur bloque le son'],
  l_microphone: ['Microphone interrupted', 'Micro interrompu'],
  l_hidden: ['Page in the background', 'Page en arrière-plan'],
  l_network: ['Network interrupted', 'Réseau interrompu'],
  l_replaced: ['You are now listening in another tab.', 'Vous écoutez maintenant dans un autre onglet.'],
  sound_on: ['Turn the sound on', 'Activer le son'],
  mute: ['Mute', 'Couper le son'],
  volume: ['Volume', 'Volume'],
  stop_listening: ['Stop listening', 'Arrêter l’écoute'],
  q_unknown: ['Connection: measuring', 'Connexion : mesure en cours'],
  q_good: ['Connection: good', 'Connexion : bonne'],
  q_fair: ['Connection: fair', 'Connexion : moyenne'],
  q_poor: ['Connection: poor', 'Connexion : faible'],

  // Failures: what is wrong, and what to do.
  e_access: [
    'Access refused. Sign in again, or tell your administrator.',
    'Accès refusé. Reconnectez-vous, ou prévenez votre administrateur.',
  ],
  e_session: ['Your session has ended. Sign in again.', 'Votre session est terminée. Reconnectez-vous.'],
  e_clock: [
    'Access not valid yet. Check your device’s clock.',
    'Accès pas encore valable. Vérifiez l’heure de votre appareil.',
  ],
  e_busy: [
    'The service does not answer. Try again in a moment.',
    'Le service ne répond pas. Réessayez dans un instant.',
  ],
  e_setup: [
    'This page is not set up for the service. Tell your administrator.',
    'Cette page n’est pas réglée pour le service. Prévenez votre administrateur.',
  ],
  e_forbidden: [
    'You have no access to this. Tell your administrator.',
    'Vous n’avez pas accès à ceci. Prévenez votre administrateur.',
  ],
  e_rate: ['Too many attempts. Try again in a minute.', 'Trop de tentatives. Réessayez dans une minute.'],
  e_capacity: [
    'The service is full. Try again in a few minutes.',
    'Le service est complet. Réessayez dans quelques minutes.',
  ],
  e_outdated: ['This page is out of date. Reload it.', 'Cette page n’est plus à jour. Rechargez-la.'],
  e_media: [
    'The sound does not get through. Try again, or change network.',
    'Le son ne passe pas. Réessayez, ou changez de réseau.',
  ],
  e_unreachable: ['Service out of reach. Check your network.', 'Service injoignable. Vérifiez votre réseau.'],
  e_time_limit: [
    'Your stream reached its time limit. Tap to start again.',
    'Votre direct a atteint sa durée maximale. Touchez pour recommencer.',
  ],
  e_mic_denied: ['The microphone is blocked.', 'Le micro est bloqué.'],
  e_mic_none: [
    'No microphone found. Plug one in, then tap again.',
    'Aucun micro trouvé. Branchez-en un, puis touchez de nouveau.',
  ],
  e_mic_busy: [
    'Another app uses the microphone. Close it, then tap again.',
    'Une autre application utilise le micro. Fermez-la, puis touchez de nouveau.',
  ],
  e_mic_insecure: [
    'The microphone needs a secure page: open it with https://.',
    'Le micro demande une page sécurisée : ouvrez-la en https://.',
  ],
  e_mic_policy: [
    'This page may not use the microphone. Open it in its own tab.',
    'Cette page ne peut pas utiliser le micro. Ouvrez-la dans son propre onglet.',
  ],
  e_mic_failed: ['The microphone stopped. Tap again.', 'Le micro s’est arrêté. Touchez de nouveau.'],
  e_browser: [
    'This browser cannot carry live sound. Use Safari, Chrome or Firefox.',
    'Ce navigateur ne gère pas le son en direct. Utilisez Safari, Chrome ou Firefox.',
  ],
  e_unknown: ['Something failed ({code}). Try again.', 'Un problème est survenu ({code}). Réessayez.'],

  // How to unblock the microphone: every browser hides it elsewhere.
  u_ios: [
    'Tap “aA” in the address bar, then Website settings, Microphone: Allow.',
    'Touchez « aA » dans la barre d’adresse, puis Réglages du site web, Micro : Autoriser.',
  ],
  u_safari: [
    'Safari menu, Settings for this website, Microphone: Allow.',
    'Menu Safari, Réglages pour ce site web, Micro : Autoriser.',
  ],
  u_firefox: [
    'Remove the block at the microphone icon in the address bar.',
    'Retirez le blocage sur l’icône de micro dans la barre d’adresse.',
  ],
  u_chrome: [
    'Use the icon left of the address, then Microphone: Allow.',
    'Touchez l’icône à gauche de l’adresse, puis Micro : Autoriser.',
  ],
  u_webview: [
    'Open this page in Safari or Chrome, outside of this app.',
    'Ouvrez cette page dans Safari ou Chrome, hors de cette application.',
  ],
} as const satisfies Readonly<Record<string, Pair>>;

/** The key of a text. */
export type TextKey = keyof typeof WORDS;
