import type { FaultCatalogue } from './catalogue.ts';

/** French. */
export default {
  error_token_user_changed:
    'Une autre personne s’est identifiée sur cette page. Rechargez la page pour continuer sous son nom.',
  error_outdated: 'Cette page est plus ancienne que le service et ne peut plus l’utiliser. Rechargez-la.',
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
  listener_e2ee_key_missing:
    '{name} ne peut pas vous entendre\u00a0: sa page n’a pas la clé de votre son, qui est chiffré de bout en bout.',
  listener_e2ee_cannot_decrypt: '{name} ne peut pas vous entendre\u00a0: sa page a une autre clé que la vôtre.',
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
  error_token_keys_unavailable:
    'Le service ne peut pas vérifier les identifications pour le moment. Attendez une minute\u00a0; si cela continue, prévenez votre administrateur.',
  error_rate_limited:
    'Trop de demandes ont été faites au service en peu de temps. Attendez une minute, puis réessayez.',
  error_forbidden:
    'Votre rôle ou vos équipes ne le permettent pas. S’ils le devraient, demandez à votre administrateur de les changer.',
} as const satisfies FaultCatalogue;
