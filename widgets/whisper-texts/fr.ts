import type { WhisperCatalogue } from './catalogue.ts';

/** French. */
export default {
  ear_wear: 'Je porte une oreillette',
  ear_wear_detail:
    'Les responsables qui vous entendent peuvent vous parler à l’oreille, pendant ce direct seulement. Touchez de nouveau pour y mettre fin.',
  ear_connecting: 'Un instant\u00a0: votre oreillette se connecte.',
  ear_failed: 'Votre oreillette n’a pas pu être connectée. Réessayez.',
  ear_cues: 'Messages courts des responsables',
  ear_speaks: '{name} vous parle',
  ear_stop: 'Arrêter cette voix',
  ear_writes: '{name} écrit\u00a0:',
  ear_close: 'Fermer ce message',
  ear_end_stopped: '{name} ne parle plus.',
  ear_end_refused: 'Vous avez arrêté la voix.',
  ear_end_echo: 'La voix a été arrêtée\u00a0: votre haut-parleur est allumé. Mettez votre oreillette.',
  ear_end_time_limit: '{name} a parlé aussi longtemps qu’il est possible en une fois.',
  ear_end_not_heard: '{name} ne vous entend plus et ne parle plus.',
  ear_end_not_shown: 'Une voix n’est pas passée\u00a0: cette page n’a pas pu montrer à temps qui parle.',
  ear_end_page_away: 'La voix est coupée\u00a0: une connexion a été perdue.',
  ear_end_media_lost: 'La voix est coupée\u00a0: la connexion du son a été perdue.',
  ear_end_policy: 'La voix est coupée\u00a0: ce n’est plus permis.',
  ear_end_e2ee_required:
    'Une voix n’est pas passée\u00a0: elle n’était pas chiffrée de bout en bout, comme l’est votre son.',
  ear_end_e2ee_key_missing:
    '{name} vous a parlé sans que vous puissiez l’entendre\u00a0: cette page n’a pas la clé de cette voix. Prévenez votre administrateur.',
  ear_end_e2ee_cannot_decrypt:
    '{name} vous a parlé sans que vous puissiez l’entendre\u00a0: cette voix est chiffrée avec une autre clé. Prévenez votre administrateur.',

  whisper: 'Parler à l’oreille',
  whisper_hold: 'Maintenir pour parler',
  whisper_speak: 'Parler',
  whisper_release: 'Ne plus parler',
  whisper_lock: 'Parler sans maintenir',
  whisper_lock_detail: 'Un appui commence, le suivant arrête.',
  whisper_moment: 'Un instant\u00a0: {name} ne vous entend pas encore.',
  whisper_heard: '{name} vous entend.',
  whisper_heard_too: 'Vous entendent aussi : {names}.',
  whisper_left: 'Encore {n}\u00a0s',
  whisper_not_yet: '{name} ne laisse personne lui parler à l’oreille.',
  whisper_ready: 'Personne d’autre que {name} ne vous entendra.',
  whisper_ready_open: '{name} vous entendra, et d’autres qui écoutent le peuvent aussi.',
  whisper_busy: '{by} parle à {name}.',
  whisper_to_other: '{by} parle à {name}. Vous ne l’entendez pas.',
  whisper_to_other_heard: '{by} parle à {name}. Vous l’entendez.',
  whisper_end_stopped: 'Vous ne parlez plus.',
  whisper_end_refused: '{name} a arrêté votre voix.',
  whisper_end_echo: 'Arrêté\u00a0: le haut-parleur de {name} est allumé, d’autres auraient pu vous entendre.',
  whisper_end_time_limit: 'Arrêté\u00a0: c’est le plus long possible en une fois. Appuyez de nouveau pour continuer.',
  whisper_end_not_heard: 'Arrêté\u00a0: vous n’entendez plus {name}.',
  whisper_end_not_shown: 'Rien n’est passé\u00a0: la page de {name} n’a pas pu montrer qui parle.',
  whisper_end_page_away: 'Arrêté\u00a0: une connexion a été perdue.',
  whisper_end_media_lost: 'Arrêté\u00a0: la connexion du son a été perdue.',
  whisper_end_policy: 'Arrêté\u00a0: ce n’est plus permis.',
  whisper_end_hidden: 'Arrêté\u00a0: cette page a été quittée.',
  whisper_end_e2ee_required: 'Rien n’est passé\u00a0: {name} n’entend que ce qui est chiffré de bout en bout.',
  whisper_end_e2ee_key_missing:
    '{name} ne pouvait pas vous entendre\u00a0: sa page n’a pas votre clé. Prévenez votre administrateur.',
  whisper_end_e2ee_cannot_decrypt:
    '{name} ne pouvait pas vous entendre\u00a0: sa page a une autre clé. Prévenez votre administrateur.',
  whisper_failed_not_allowed: '{name} ne le permet pas en ce moment.',
  whisper_failed_e2ee_required:
    'Rien n’a été envoyé\u00a0: {name} n’entend que ce qui est chiffré de bout en bout. Rechargez la page.',
  whisper_failed_e2ee_key_missing:
    'Rien n’a été envoyé\u00a0: cette page n’a pas de clé avec laquelle {name} vous entendrait. Prévenez votre administrateur.',
  whisper_failed_e2ee_cannot_decrypt:
    'Rien n’a été envoyé\u00a0: cette page a une autre clé que {name}. Prévenez votre administrateur.',
  whisper_failed_forbidden:
    'Vous ne pouvez ni parler ni écrire aux commerciaux. S’il le faut, demandez à votre administrateur.',
  whisper_failed_rate: 'Trop souvent. Attendez quelques secondes.',
  whisper_failed_microphone: 'Votre micro ne peut pas être utilisé. Autorisez-le pour cette page.',
  whisper_failed: 'Cela n’a pas marché. {name} n’a rien entendu.',
  whisper_text: 'Message court à {name}',
  whisper_send: 'Envoyer',
  whisper_sending: 'Envoi…',
  whisper_sent: '{name} l’a à l’écran.',
  whisper_unsent: 'Le message n’a pas été montré à {name}.',
  whisper_characters: '{n} caractères sur {max}',
  whisper_no_texts: '{name} ne souhaite pas de messages.',
  whisper_no_texts_sealed:
    'Pas de messages ici\u00a0: le son est chiffré de bout en bout, les messages ne le sont pas.',
  keys_whisper: 'Sur son bouton\u00a0: parler à l’oreille tant que la touche est maintenue',
  key_space: 'Espace',
} satisfies WhisperCatalogue;
