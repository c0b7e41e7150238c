import type { FaultCatalogue } from './catalogue.ts';

/** Spanish. */
export default {
  error_token_user_changed:
    'Otra persona se ha identificado en esta página. Recargue la página para continuar en su nombre.',
  error_outdated: 'Esta página es más antigua que el servicio y ya no puede usarlo. Recárguela.',
  error_token_missing:
    'Esta página no ha dado ninguna identificación al servicio, que no sabe quién es usted. Solo su administrador puede arreglarlo.',
  error_token_signature:
    'El servicio no puede comprobar su identificación: no está firmada como se acordó con su empresa. Solo su administrador puede arreglarlo.',
  error_token_not_yet_valid:
    'Su identificación aún no es válida: el reloj del servidor de su empresa y el del servicio no coinciden. Solo su administrador puede arreglarlo.',
  error_token_issuer_mismatch:
    'Su identificación procede de un emisor que el servicio no espera. Solo su administrador puede arreglarlo.',
  error_token_audience_mismatch:
    'Su identificación se hizo para un servicio distinto de este. Solo su administrador puede arreglarlo.',
  error_token_claims_invalid:
    'A su identificación le falta algo que el servicio necesita, como su nombre o su función. Solo su administrador puede arreglarlo.',
  error_no_team: 'No tiene ningún equipo asignado. Pida uno a su administrador e identifíquese de nuevo.',
  error_e2ee_unsupported:
    'Aquí el sonido va cifrado de extremo a extremo, y este navegador no puede hacerlo. Use un navegador actual.',
  error_e2ee_key_missing:
    'Aquí el sonido va cifrado de extremo a extremo, y esta página no tiene la clave. Avise a su administrador; recargue la página para volver a intentarlo.',
  error_e2ee_worker_blocked:
    'Aquí el sonido va cifrado de extremo a extremo, y esta página no dejó arrancar la parte que lo hace. Avise a su administrador.',
  error_e2ee_cannot_decrypt:
    'Este sonido está cifrado con otra clave que la de esta página, así que no se oye. Avise a su administrador; recargue la página para volver a intentarlo.',
  error_e2ee_required:
    'Este sonido debe ir cifrado de extremo a extremo, y una de las dos páginas no lo hace. Avise a su administrador.',
  listener_e2ee_key_missing:
    '{name} no puede oírle: su página no tiene la clave de este sonido, que va cifrado de extremo a extremo.',
  listener_e2ee_cannot_decrypt: '{name} no puede oírle: su página tiene otra clave que esta.',
  error_origin_not_allowed:
    'Este sitio no está en la lista de los que pueden usar el servicio. Solo su administrador puede añadirlo.',
  error_relay_url_invalid:
    'La dirección del servicio es incorrecta en esta página. Solo su administrador puede arreglarlo.',
  error_ice_servers_invalid:
    'El servicio indica servidores (STUN, TURN) que este navegador no puede usar. Solo su administrador puede arreglarlo.',
  error_microphone_blocked_by_policy:
    'El marco o el sitio que contiene esta página le prohíbe el micrófono. Abra la página en una pestaña propia o avise a su administrador.',
  error_insecure_context:
    'Los navegadores no dan el micrófono a una página sin https. Abra la página con https o avise a su administrador.',
  error_token_keys_unavailable:
    'El servicio no puede comprobar identificaciones en este momento. Espere un minuto; si sigue igual, avise a su administrador.',
  error_rate_limited: 'Se ha pedido demasiado al servicio en poco tiempo. Espere un minuto e inténtelo de nuevo.',
  error_forbidden: 'Su función o sus equipos no lo permiten. Si deberían, pida a su administrador que los cambie.',
} as const satisfies FaultCatalogue;
