/** English texts: failures that few see. Its keys are those of every language. They come with the part that needs them. */
export default {
  error_token_user_changed: 'Somebody else has signed in on this page. Reload the page to go on as that person.',
  error_outdated: 'This page is older than the live service and no longer fits it. Reload the page.',
  error_token_missing:
    'This page gave the live service no sign-in, so it does not know who you are. Only your administrator can mend this.',
  error_token_signature:
    'The live service cannot verify your sign-in: it is not signed as agreed with your company. Only your administrator can mend this.',
  error_token_not_yet_valid:
    'Your sign-in is not valid yet: the clocks of your company’s server and of the live service differ. Only your administrator can mend this.',
  error_token_issuer_mismatch:
    'Your sign-in comes from an issuer that the live service does not expect. Only your administrator can mend this.',
  error_token_audience_mismatch:
    'Your sign-in was made for another service than this one. Only your administrator can mend this.',
  error_token_claims_invalid:
    'Your sign-in lacks something that the live service needs, such as your name or your role. Only your administrator can mend this.',
  error_no_team: 'No team is assigned to you. Ask your administrator to assign one, then sign in again.',
  error_e2ee_unsupported:
    'Sound is sealed from end to end here, and this browser cannot do that. Use a current browser.',
  error_e2ee_key_missing:
    'Sound is sealed from end to end here, and this page has no key for it. Tell your administrator; reload the page to try again.',
  error_e2ee_worker_blocked:
    'Sound is sealed from end to end here, and this page did not let the part that does it start. Tell your administrator.',
  error_e2ee_cannot_decrypt:
    'This sound is sealed with another key than this page has, so it stays silent. Tell your administrator; reload the page to try again.',
  error_e2ee_required:
    'This sound may only be sealed from end to end, and one of the two pages does not do that. Tell your administrator.',
  listener_e2ee_key_missing:
    '{name} cannot hear you: their page has no key for your sound, which is sealed from end to end.',
  listener_e2ee_cannot_decrypt: '{name} cannot hear you: their page has another key than yours.',
  error_origin_not_allowed:
    'This website is not on the list of those that may use the live service. Only your administrator can add it.',
  error_relay_url_invalid:
    'The address of the live service is wrong in this page. Only your administrator can mend this.',
  error_ice_servers_invalid:
    'The live service names servers (STUN, TURN) that this browser cannot use. Only your administrator can mend this.',
  error_microphone_blocked_by_policy:
    'The frame or the website around this page forbids it the microphone. Open the page in a tab of its own, or tell your administrator.',
  error_insecure_context:
    'Browsers give no microphone to a page without https. Open the page with https, or tell your administrator.',
  error_token_keys_unavailable:
    'The live service cannot check sign-ins at the moment. Wait a minute; if it goes on, tell your administrator.',
  error_rate_limited: 'Too much was asked of the live service in a short time. Wait a minute, then try again.',
  error_forbidden: 'Your role or your teams do not permit this. If they should, ask your administrator to change them.',
} as const;
