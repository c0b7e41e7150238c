import type { Catalogue } from './catalogue.ts';

/** French. There is a no-break space before double punctuation and inside « ». */
export default {
  state_idle: 'Hors ligne',
  state_offline: 'Hors ligne',
  state_connecting: 'Connexion…',
  state_ready: 'En ligne',
  state_starting: 'Démarrage…',
  state_live: 'En direct',
  state_paused: 'En pause',
  state_joining: 'Connexion…',
  state_reconnecting: 'Reconnexion…',
  state_stopping: 'Arrêt…',
  state_waiting: 'En attente…',
  state_listening: 'À l’écoute',
  state_blocked: 'Son bloqué par le navigateur',
  state_interrupted: 'Interrompu',
  cause_microphone: 'Micro interrompu',
  cause_hidden: 'Page en arrière-plan',
  cause_network: 'Réseau interrompu',
  device: 'Appareil',
  since: 'depuis {time}',
  replaced: 'Se poursuit dans un autre onglet ou sur un autre appareil.',
  stop: 'Arrêter',

  share: 'Diffuser mon audio en direct',
  badge: 'DIRECT',
  tap: 'Toucher pour reprendre',
  detail_idle: 'En attente de votre identification.',
  detail_ready: 'Personne ne vous entend tant que vous n’avez pas appuyé.',
  detail_starting: 'Autorisez le micro si le navigateur le demande.',
  detail_paused: 'Personne ne vous entend jusqu’à la reprise.',
  keep_on: 'Gardez l’écran allumé\u00a0: un téléphone verrouillé n’enregistre plus.',
  resumes: '{cause}. Le son reprendra tout seul.',
  nobody: 'Personne n’écoute.',
  not_sent: 'Aucun son ne quitte votre appareil.',
  voice_shown: 'Vos responsables voient quand vous parlez, même si personne n’écoute.',
  sealed: 'Chiffré de bout en bout',
  sealed_detail:
    'Le son est chiffré sur l’appareil du commercial et déchiffré seulement sur ceux des personnes qui écoutent. Le service qui le transmet ne peut pas l’entendre. Il sait qui parle et qui écoute, quand, et à quel volume. Et cela vaut ce que vaut la page de votre entreprise, qui a les clés et fait tourner ceci.',
  listening: { one: '{names} vous écoute.', other: '{names} vous écoutent.' },
  was_listening: 'À l’écoute avant la coupure\u00a0: {names}.',
  listened: { one: '{names} a écouté.', other: '{names} ont écouté.' },
  waiting: 'En attente\u00a0: {names}.',
  not_live: 'Pas en direct',
  uncertain: 'Connexion incertaine',
  uncertain_detail: 'On ne sait pas qui écoute pour le moment.',
  goes_on: 'Votre son continue de partir.',
  elsewhere_live: 'En direct ailleurs',
  elsewhere_paused: 'En pause ailleurs',
  elsewhere_interrupted: 'Interrompu ailleurs',
  elsewhere: 'Vous êtes en direct dans un autre onglet ou sur un autre appareil\u00a0: continuez ici, ou arrêtez-le.',
  continue_here: 'Continuer ici',
  stop_there: 'L’arrêter',
  stopped: 'Arrêté depuis un autre de vos onglets ou appareils.',
  reloaded: 'Votre direct s’est terminé quand la page s’est rechargée. Touchez pour continuer.',
  invited: 'Touchez pour passer en direct.',
  listened_today: 'Vous ont écouté aujourd’hui\u00a0: {n}',
  vibrate: 'Vibrer quand quelqu’un se met à écouter',
  pause: 'Pause confidentielle',
  unpause: 'Reprendre le son',
  microphone: 'Micro',
  microphone_default: 'Micro par défaut',
  microphone_gone: 'Le micro que vous avez choisi n’est pas là\u00a0: celui par défaut sert jusqu’à son retour.',
  test_microphone: 'Tester le micro',
  test_end: 'Terminer le test',
  test_level: 'Niveau du micro',
  test_say: 'Dites quelque chose\u00a0: la barre montre comment le micro l’entend. Rien n’est envoyé.',
  test_heard: 'Le micro vous entend. Rien n’est envoyé.',
  help_ask: 'Demander de l’aide',
  help_asked: 'Vous avez demandé de l’aide. Vos responsables le voient.',
  help_answered: 'Un responsable écoute\u00a0: votre demande d’aide est close.',
  help_taken_back: 'Vous ne demandez plus d’aide.',
  help_stream_ended: 'Le direct est terminé, et votre demande d’aide avec lui.',

  title: 'Commerciaux',
  live_count: { other: '{n} en direct' },
  total: { other: '{n} au total' },
  tools: 'Filtres et ordre',
  filter_live: { other: 'En direct {n}' },
  filter_speaking: { other: 'Parlent {n}' },
  filter_help: { other: 'Demandent de l’aide {n}' },
  by_team: 'Par équipe',
  no_team: 'Sans équipe',
  team_count: { other: '{live} en direct sur {n}' },
  sort: 'Ordre',
  sort_status: 'Directs d’abord',
  sort_name: 'Par nom',
  sort_longest: 'Plus longs directs d’abord',
  sort_newest: 'Directs récents d’abord',
  changes: { one: 'Afficher {n} changement', other: 'Afficher {n} changements' },
  more: 'Plus sur {name}',
  pin: 'Garder en haut',
  watch: 'Me prévenir du direct',
  watch_sound: 'Avec un son',
  went_live: '{name} est en direct.',
  listen: 'Écouter',
  next: 'Direct suivant',
  round: 'Tournée',
  round_end: 'Finir la tournée',
  round_each: { one: 'Chacun {n} seconde', other: 'Chacun {n} secondes' },
  keys: 'Clavier',
  key_home: 'Début',
  key_end: 'Fin',
  key_enter: 'Entrée',
  key_escape: 'Échap',
  keys_move: 'Parcourir la liste',
  keys_letters: 'Aller à un nom qui commence ainsi',
  keys_more: 'Aller aux autres boutons d’une ligne',
  keys_listen: 'Écouter ou arrêter',
  keys_mute: 'Couper ou remettre le son, dans la liste pendant l’écoute',
  keys_stop: 'Finir la tournée, puis arrêter l’écoute',
  keys_search: 'Chercher',
  keys_help: 'Afficher ces touches',
  search: 'Nom ou équipe',
  listen_to: 'Écouter {name}',
  listeners: { one: '{n} auditeur', other: '{n} auditeurs' },
  empty: 'Personne ici pour l’instant.',
  no_match: 'Personne ne correspond à «\u00a0{query}\u00a0»',
  missing: 'Il manque peut-être des collègues pour l’instant.',
  help_wanted: 'Demande de l’aide',
  help_notice: { one: '{names} demande de l’aide.', other: '{names} demandent de l’aide.' },
  help_alerts: 'Avis et son quand quelqu’un demande de l’aide',
  also_listening: { one: '{names} écoute aussi.', other: '{names} écoutent aussi.' },
  listen_here: 'Écouter ici',
  close: 'Fermer',
  sound_settings: 'Réglages du son',
  levelling: 'Égaliser les voix faibles et fortes',
  output: 'Sortie',
  choose_output: 'Choisir la sortie',
  delay: 'Son d’il y a {seconds}\u00a0s, ou un peu plus',
  sound_on: 'Activer le son',
  mute: 'Couper le son',
  volume: 'Volume',
  quality_good: 'Connexion\u00a0: bonne',
  quality_fair: 'Connexion\u00a0: moyenne',
  quality_poor: 'Connexion\u00a0: faible',

  fail_microphone: 'Micro indisponible',
  fail_sign_in: 'Identification non valable',
  fail_here: 'Impossible ici',
  fail_network: 'Pas de connexion',
  fail_service: 'Service indisponible',

  // Under each failure.
  details_copy: 'Copier les détails pour l’assistance',
  details_copied: 'Copié',

  error_token_expired: 'Votre identification a expiré. Identifiez-vous de nouveau pour continuer.',
  error_token_user_changed:
    'Une autre personne s’est identifiée sur cette page. Rechargez la page pour continuer sous son nom.',
  error_outdated: 'Cette page est plus ancienne que le service et ne peut plus l’utiliser. Rechargez-la.',
  error_unsupported:
    'Ce navigateur ne sait ni envoyer ni recevoir du son en direct. Ouvrez la page dans une version récente de Safari, Chrome ou Firefox.',
  error_time_limit: 'La durée maximale d’un direct est atteinte, il est donc terminé. Touchez pour recommencer.',
  error_policy_hours:
    'Votre entreprise n’autorise le direct que pendant les heures de travail. Revenez à ce moment-là.',
  error_policy_time: 'La durée maximale sans pause qu’autorise votre entreprise est atteinte.',
  error_policy_time_used: 'La durée d’écoute qu’autorise votre entreprise pour aujourd’hui est épuisée.',
  error_policy_protected: 'Votre entreprise ne permet à personne d’écouter ce collègue.',
  error_policy_full:
    'Autant de collègues écoutent que votre entreprise l’autorise. Réessayez quand l’un d’eux sera parti.',
  error_policy_devices: 'Votre entreprise ne permet pas d’écouter un appareil.',
  error_purpose_required: 'Votre entreprise demande un motif d’écoute. Choisissez-en un, puis écoutez de nouveau.',
  error_consent_required:
    'Votre entreprise vous demande de lire d’abord un texte sur l’écoute en direct. Touchez pour le lire ; si rien ne s’ouvre, prévenez votre administrateur.',
  error_storage_unavailable:
    'Personne ne peut être écouté en ce moment\u00a0: le journal des écoutes ne peut pas être tenu. Réessayez plus tard.',
  error_microphone_denied: 'Cette page ne peut pas utiliser le micro\u00a0: il n’a pas été autorisé.',
  error_microphone_not_found:
    'Cet appareil n’a pas de micro, ou il n’est pas branché. Branchez-en un, puis touchez de nouveau.',
  error_microphone_in_use:
    'Une autre application ou un appel utilise le micro. Fermez-la ou raccrochez, puis touchez de nouveau.',
  error_microphone_failed:
    'Le micro n’a pas démarré. Touchez de nouveau\u00a0; si cela continue, débranchez-le ou redémarrez le navigateur.',
  error_microphone_ended: 'Le micro s’est arrêté tout seul. Touchez de nouveau pour le reprendre.',
  unblock_safari:
    'Autorisez-le dans le menu Safari, ou sous «\u00a0aA\u00a0» dans la barre d’adresse, Réglages du site web.',
  unblock_other: 'Autorisez-le à l’icône à gauche de l’adresse, puis touchez de nouveau.',

  error_token_missing:
    'Cette page n’a transmis aucune identification au service, qui ne sait donc pas qui vous êtes. Seul votre administrateur peut y remédier.',
  error_token_signature:
    'Le service ne peut pas vérifier votre identification\u00a0: elle n’est pas signée comme convenu avec votre entreprise. Seul votre administrateur peut y remédier.',
  error_token_not_yet_valid:
    'Votre identification n’est pas encore valable\u00a0: l’horloge du serveur de votre entreprise et celle du service diffèrent. Seul votre administrateur peut y remédier.',
  error_token_issuer_mismatch:
    'Votre identification vient d’un émetteur que le service n’attend pas. Seul votre administrateur peut y remédier.',
  error_token_audience_mismatch:
    'Votre identification est faite pour un autre service que celui-ci. Seul votre administrateur peut y remédier.',
  error_token_claims_invalid:
    'Il manque à votre identification une donnée nécessaire au service, comme votre nom ou votre rôle. Seul votre administrateur peut y remédier.',
  error_no_team:
    'Aucune équipe ne vous est attribuée. Demandez-en une à votre administrateur, puis identifiez-vous de nouveau.',
  error_e2ee_unsupported:
    'Ici, le son est chiffré de bout en bout, et ce navigateur ne sait pas le faire. Utilisez un navigateur récent.',
  error_e2ee_key_missing:
    'Ici, le son est chiffré de bout en bout, et cette page n’a pas la clé. Prévenez votre administrateur ; rechargez la page pour réessayer.',
  error_e2ee_worker_blocked:
    'Ici, le son est chiffré de bout en bout, et cette page a empêché le module qui le fait de démarrer. Prévenez votre administrateur.',
  error_e2ee_cannot_decrypt:
    'Ce son est chiffré avec une autre clé que celle de cette page : il reste muet. Prévenez votre administrateur ; rechargez la page pour réessayer.',
  error_e2ee_required:
    'Ce son doit être chiffré de bout en bout, et l’une des deux pages ne le fait pas. Prévenez votre administrateur.',
  error_forbidden:
    'Votre rôle ou vos équipes ne le permettent pas. S’ils le devraient, demandez à votre administrateur de les changer.',
  error_origin_not_allowed:
    'Ce site ne figure pas parmi ceux qui ont accès au service. Seul votre administrateur peut l’ajouter.',
  error_relay_url_invalid:
    'L’adresse du service est incorrecte dans cette page. Seul votre administrateur peut y remédier.',
  error_ice_servers_invalid:
    'Le service indique des serveurs (STUN, TURN) que ce navigateur ne peut pas utiliser. Seul votre administrateur peut y remédier.',
  error_microphone_blocked_by_policy:
    'Le cadre ou le site qui contient cette page lui interdit le micro. Ouvrez la page dans son propre onglet, ou prévenez votre administrateur.',
  error_insecure_context:
    'Les navigateurs ne donnent pas de micro à une page sans https. Ouvrez la page en https, ou prévenez votre administrateur.',

  error_relay_unreachable:
    'Le service est injoignable. Vérifiez votre réseau\u00a0; la connexion reviendra toute seule.',
  error_request_timeout: 'Le service n’a pas répondu à temps. Vérifiez votre réseau, puis réessayez.',
  error_media_failed:
    'Le son n’atteint pas le service\u00a0: ce réseau semble le bloquer. Essayez un autre réseau, comme les données mobiles, ou prévenez votre administrateur.',
  error_token_provider_failed:
    'Votre identification n’a pas pu être renouvelée. Un nouvel essai est automatique\u00a0; vérifiez votre réseau.',

  error_busy: 'Le service n’y est pas arrivé à l’instant. Réessayez dans quelques secondes.',
  error_capacity:
    'Le service est complet pour le moment. Réessayez dans une minute\u00a0; si cela continue, prévenez votre administrateur.',
  error_rate_limited:
    'Trop de demandes ont été faites au service en peu de temps. Attendez une minute, puis réessayez.',
  error_draining: 'Le service redémarre. La connexion reviendra toute seule dans quelques secondes.',
  error_token_keys_unavailable:
    'Le service ne peut pas vérifier les identifications pour le moment. Attendez une minute\u00a0; si cela continue, prévenez votre administrateur.',
  error_unknown: 'Un problème est survenu ({code}). Réessayez\u00a0; s’il persiste, prévenez votre administrateur.',
} as const satisfies Catalogue;
