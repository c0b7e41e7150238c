/**
 * Every stable error code that the relay can send, with its meaning. A code never changes its meaning; the text beside
 * it may. Codes arrive in a refused handshake (`connect_error`'s `data.code`), in a negative acknowledgement, and in
 * `session:ended`. PROTOCOL.md lists the same codes; a test keeps both equal.
 */
export const ERROR_CODES = {
  token_missing: 'The handshake carried no token. Set the `token` attribute.',
  token_malformed: 'The token is not a JSON Web Token (RFC 7519), or it is longer than 8 KiB.',
  token_signature_invalid: 'The signature does not match the configured secret or key.',
  token_algorithm_not_allowed: 'The token is signed with an algorithm that the relay does not accept.',
  token_key_unknown: 'No key of the JWKS has the `kid` that the token names.',
  token_keys_unavailable: 'The JWKS could not be fetched. Try again later.',
  token_expired: 'The token is past its `exp`. Set a fresh token.',
  token_not_yet_valid: 'The token is before its `nbf`.',
  token_issuer_mismatch: 'The `iss` claim is not the configured issuer.',
  token_audience_mismatch: 'The `aud` claim does not name the configured audience.',
  token_claims_invalid: 'A claim that the relay needs is missing or of the wrong kind; the message names it.',
  token_user_changed: 'A refresh must name the same user and role as the session. Connect anew for another user.',
  protocol_outdated:
    'The page’s widgets speak a protocol that this relay no longer accepts. Load the widgets anew, from the relay.',
  origin_not_allowed: 'The page’s origin is not in the relay’s allow-list.',
  bad_request: 'The request does not fit its schema; the message says where.',
  unknown_request: 'There is no request of this name.',
  forbidden: 'The session’s role or teams do not permit this.',
  rate_limited: 'Too many requests or connections; slow down.',
  capacity: 'The relay carries as many streams or listeners as it is configured for, or can carry well now.',
  sdp_invalid: 'The session description cannot be used; the message says why.',
  not_connected: 'This needs a media connection that was negotiated first, on this session.',
  not_streaming: 'This needs a stream that was started first, on this session.',
  not_listening: 'The same user listens in another page; this page goes on with nothing.',
  policy_hours: 'The relay’s policy allows neither streaming nor listening at this time.',
  policy_time: 'The longest stream, or listening at a stretch, that the relay’s policy allows is over.',
  policy_time_used: 'The listening that the relay’s policy allows for one day is used up.',
  policy_protected: 'The relay’s policy lets nobody hear this commercial.',
  policy_full: 'As many admins listen to this commercial as the relay’s policy allows.',
  purpose_required: 'The relay’s policy asks why: `listen:select` needs one of its purposes.',
  consent_required: 'The commercial must acknowledge the policy’s text first: `consent:give`.',
  e2ee_required:
    'Sealed from end to end or not at all: the token asks for that and the stream is not, or the stream is and the page cannot open it.',
  storage_unavailable:
    'The relay cannot store its audit trail just now, and its policy lets nobody be heard without it.',
  whisper_not_allowed: 'Neither a whisper nor a text may be sent to this commercial now; the message says why.',
  whisper_busy: 'Somebody else speaks to this commercial just now; the message has the name.',
  whisper_not_shown: 'The commercial’s page did not say in time that it shows who speaks or writes.',
  policy_devices:
    'The relay’s policy does not let streams of devices (WHIP) be heard, since they show nobody who listens.',
  media_unavailable: 'No media worker is running just now. Try again in a second.',
  elsewhere: 'The session lives on another node of the cluster; `data.place` says where. Connect there.',
  draining: 'The relay is stopping. Reconnect in a few seconds.',
  internal: 'The relay failed; its log has the cause.',
} as const;

/** A stable error code. */
export type ErrorCode = keyof typeof ERROR_CODES;
