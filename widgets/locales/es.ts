import type { Catalogue } from './catalogue.ts';

/** Spanish, for Spain and America alike. */
export default {
  state_idle: 'Desconectado',
  state_offline: 'Desconectado',
  state_connecting: 'Conectando…',
  state_ready: 'Conectado',
  state_starting: 'Iniciando…',
  state_live: 'En directo',
  state_paused: 'En pausa',
  state_joining: 'Conectando…',
  state_reconnecting: 'Reconectando…',
  state_stopping: 'Deteniendo…',
  state_waiting: 'En espera…',
  state_listening: 'Escuchando',
  state_blocked: 'Sonido bloqueado por el navegador',
  state_interrupted: 'Interrumpido',
  cause_microphone: 'Micrófono interrumpido',
  cause_hidden: 'Página en segundo plano',
  cause_network: 'Red interrumpida',
  since: 'desde las {time}',
  replaced: 'Continúa en otra pestaña o en otro dispositivo.',
  stop: 'Detener',

  share: 'Transmitir mi audio en directo',
  badge: 'DIRECTO',
  tap: 'Tocar para reanudar',
  detail_idle: 'A la espera de su identificación.',
  detail_ready: 'Nadie le oye hasta que toque el botón.',
  detail_starting: 'Permita el micrófono si el navegador lo pide.',
  detail_paused: 'Nadie le oye hasta que reanude.',
  keep_on: 'Mantenga la pantalla encendida: un teléfono bloqueado deja de grabar.',
  resumes: '{cause}. El sonido se reanudará solo.',
  nobody: 'Nadie está escuchando.',
  not_sent: 'Ningún sonido sale de su dispositivo.',
  voice_shown: 'Sus responsables ven cuándo habla, aunque nadie escuche.',
  listening: { one: '{names} le escucha.', other: '{names} le escuchan.' },
  was_listening: 'Escuchaba antes del corte: {names}.',
  listened: { one: '{names} ha escuchado.', other: '{names} han escuchado.' },
  waiting: 'En espera: {names}.',
  not_live: 'Sin emitir',
  uncertain: 'Conexión incierta',
  uncertain_detail: 'Por el momento no se sabe quién escucha.',
  goes_on: 'Su sonido sigue saliendo.',
  elsewhere_live: 'En directo en otro lugar',
  elsewhere_paused: 'En pausa en otro lugar',
  elsewhere_interrupted: 'Interrumpido en otro lugar',
  elsewhere: 'Está en directo en otra pestaña o en otro dispositivo: continúe aquí, o deténgalo.',
  continue_here: 'Continuar aquí',
  stop_there: 'Detenerlo',
  stopped: 'Detenido desde otra de sus pestañas o dispositivos.',
  reloaded: 'Su directo terminó al recargarse la página. Toque para continuar.',
  invited: 'Toque para empezar el directo.',
  listened_today: 'Le han escuchado hoy: {n}',
  vibrate: 'Vibrar cuando alguien empiece a escuchar',
  pause: 'Pausa privada',
  unpause: 'Reanudar el sonido',
  help_ask: 'Pedir ayuda',
  help_asked: 'Ha pedido ayuda. Sus responsables lo ven.',
  help_answered: 'Un responsable escucha: su petición de ayuda ha terminado.',
  help_taken_back: 'Ya no pide ayuda.',
  help_stream_ended: 'La emisión ha terminado, y con ella su petición de ayuda.',

  title: 'Comerciales',
  live_count: { other: '{n} en directo' },
  search: 'Nombre o equipo',
  listen_to: 'Escuchar a {name}',
  listeners: { one: '{n} oyente', other: '{n} oyentes' },
  empty: 'Todavía no hay nadie.',
  no_match: 'Nadie coincide con «{query}»',
  missing: 'Puede que falten colegas por el momento.',
  help_wanted: 'Pide ayuda',
  help_notice: { one: '{names} pide ayuda.', other: '{names} piden ayuda.' },
  help_alerts: 'Aviso y sonido cuando alguien pide ayuda',
  listen_here: 'Escuchar aquí',
  close: 'Cerrar',
  sound_settings: 'Ajustes de sonido',
  levelling: 'Igualar las voces bajas y altas',
  output: 'Salida',
  choose_output: 'Elegir la salida',
  delay: 'Sonido de hace {seconds} s, o un poco más',
  sound_on: 'Activar el sonido',
  mute: 'Silenciar',
  volume: 'Volumen',
  quality_good: 'Conexión: buena',
  quality_fair: 'Conexión: regular',
  quality_poor: 'Conexión: mala',

  fail_microphone: 'Micrófono no disponible',
  fail_sign_in: 'Identificación no válida',
  fail_here: 'No es posible aquí',
  fail_network: 'Sin conexión',
  fail_service: 'Servicio no disponible',

  // Under each failure.
  details_copy: 'Copiar los detalles para soporte',
  details_copied: 'Copiado',

  error_token_expired: 'Su identificación ha caducado. Identifíquese de nuevo para continuar.',
  error_token_user_changed:
    'Otra persona se ha identificado en esta página. Recargue la página para continuar en su nombre.',
  error_outdated: 'Esta página es más antigua que el servicio y ya no puede usarlo. Recárguela.',
  error_unsupported:
    'Este navegador no puede enviar ni recibir sonido en directo. Abra la página en una versión actual de Safari, Chrome o Firefox.',
  error_time_limit:
    'Se ha alcanzado la duración máxima de un directo, por lo que ha terminado. Toque para empezar otro.',
  error_policy_hours: 'Su empresa solo permite el directo en horario de trabajo. Vuelva entonces.',
  error_policy_time: 'Se ha alcanzado el tiempo máximo sin pausa que permite su empresa.',
  error_policy_time_used: 'Se ha agotado el tiempo de escucha que su empresa permite para hoy.',
  error_policy_protected: 'Su empresa no permite que nadie escuche a este compañero.',
  error_policy_full: 'Escuchan tantos compañeros como permite su empresa. Vuelva a intentarlo cuando salga uno.',
  error_purpose_required:
    'Su empresa pide un motivo para escuchar y esta página no ha dado ninguno. Avise a su administrador.',
  error_consent_required:
    'Su empresa pide antes su conformidad con la escucha en directo y esta página no puede mostrarla. Avise a su administrador.',
  error_microphone_denied: 'Esta página no puede usar el micrófono: no se ha permitido.',
  error_microphone_not_found: 'Este dispositivo no tiene micrófono, o no está conectado. Conecte uno y toque de nuevo.',
  error_microphone_in_use: 'Otra aplicación o una llamada está usando el micrófono. Ciérrela y toque de nuevo.',
  error_microphone_failed:
    'El micrófono no se ha iniciado. Toque de nuevo; si sigue igual, desconéctelo o reinicie el navegador.',
  error_microphone_ended: 'El micrófono se ha detenido solo. Toque para volver a tomarlo.',
  unblock_safari: 'Permítalo en el menú de Safari, o en «aA» en la barra de direcciones, Ajustes del sitio web.',
  unblock_other: 'Permítalo en el icono a la izquierda de la dirección y toque de nuevo.',

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
  error_forbidden: 'Su función o sus equipos no lo permiten. Si deberían, pida a su administrador que los cambie.',
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

  error_relay_unreachable: 'No se puede llegar al servicio. Compruebe su red; la conexión volverá sola.',
  error_request_timeout: 'El servicio no ha respondido a tiempo. Compruebe su red e inténtelo de nuevo.',
  error_media_failed:
    'El sonido no llega al servicio: parece que esta red lo bloquea. Pruebe otra red, como los datos móviles, o avise a su administrador.',
  error_token_provider_failed:
    'No se ha podido renovar su identificación. Se vuelve a intentar solo; compruebe su red.',

  error_busy: 'El servicio no ha podido hacerlo ahora mismo. Inténtelo de nuevo en unos segundos.',
  error_capacity:
    'El servicio está completo en este momento. Inténtelo en un minuto; si sigue igual, avise a su administrador.',
  error_rate_limited: 'Se ha pedido demasiado al servicio en poco tiempo. Espere un minuto e inténtelo de nuevo.',
  error_draining: 'El servicio se está reiniciando. La conexión volverá sola en unos segundos.',
  error_token_keys_unavailable:
    'El servicio no puede comprobar identificaciones en este momento. Espere un minuto; si sigue igual, avise a su administrador.',
  error_unknown: 'Algo ha fallado ({code}). Inténtelo de nuevo; si sigue igual, avise a su administrador.',
} as const satisfies Catalogue;
