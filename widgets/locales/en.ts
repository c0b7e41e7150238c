/** English: its keys are those of every language, and its holes are the values that a text takes. */
export default {
  // States of both elements and of the rows.
  state_idle: 'Offline',
  state_offline: 'Offline',
  state_connecting: 'Connecting…',
  state_ready: 'Online',
  state_starting: 'Starting…',
  state_live: 'Live',
  state_paused: 'Paused',
  state_joining: 'Connecting…',
  state_reconnecting: 'Reconnecting…',
  state_stopping: 'Stopping…',
  state_waiting: 'Waiting…',
  state_listening: 'Listening',
  state_blocked: 'Sound blocked by the browser',
  state_interrupted: 'Interrupted',
  cause_microphone: 'Microphone interrupted',
  cause_hidden: 'Page in the background',
  cause_network: 'Network interrupted',
  since: 'since {time}',
  replaced: 'Continues in another tab or on another device.',
  stop: 'Stop',

  // The commercial's button.
  share: 'Share my audio live',
  badge: 'LIVE',
  tap: 'Tap to resume',
  detail_idle: 'Waiting for your sign-in.',
  detail_ready: 'Nobody hears you until you tap.',
  detail_starting: 'Allow the microphone if the browser asks.',
  detail_paused: 'Nobody hears you until you resume.',
  keep_on: 'Keep the screen on: a locked phone stops recording.',
  resumes: '{cause}. Sound resumes by itself.',
  nobody: 'Nobody is listening.',
  not_sent: 'No sound leaves your device.',
  voice_shown: 'Your managers see when you speak, also while nobody listens.',
  listening: { one: '{names} is listening.', other: '{names} are listening.' },
  was_listening: 'Was listening: {names}.',
  listened: { other: '{names} listened.' },
  waiting: 'Waiting: {names}.',
  not_live: 'Not live',
  uncertain: 'Connection uncertain',
  uncertain_detail: 'Who listens is not known for the moment.',
  goes_on: 'Your sound goes on.',
  elsewhere_live: 'Live elsewhere',
  elsewhere_paused: 'Paused elsewhere',
  elsewhere_interrupted: 'Interrupted elsewhere',
  elsewhere: 'You are live in another tab or on another device: continue here, or stop it.',
  continue_here: 'Continue here',
  stop_there: 'Stop it',
  stopped: 'Stopped from another tab or device of yours.',
  reloaded: 'Your live ended when the page reloaded. Tap to go on.',
  invited: 'Tap to go live.',
  listened_today: 'Listened to you today: {n}',
  vibrate: 'Vibrate when somebody begins to listen',
  pause: 'Privacy pause',
  unpause: 'Resume sound',
  help_ask: 'Ask for help',
  help_asked: 'You have asked for help. Your managers see it.',
  help_answered: 'A manager is listening: your request for help is over.',
  help_taken_back: 'You no longer ask for help.',
  help_stream_ended: 'The stream has ended, and with it your request for help.',

  // The admin's panel.
  title: 'Reps',
  live_count: { other: '{n} live' },
  search: 'Name or team',
  listen_to: 'Listen to {name}',
  listeners: { one: '{n} listener', other: '{n} listeners' },
  empty: 'Nobody here yet.',
  no_match: 'Nobody matches “{query}”',
  missing: 'Some colleagues may be missing for the moment.',
  help_wanted: 'Asks for help',
  help_notice: { one: '{names} asks for help.', other: '{names} ask for help.' },
  help_alerts: 'Notice and sound when somebody asks for help',
  listen_here: 'Listen here',
  close: 'Close',
  sound_settings: 'Sound settings',
  levelling: 'Even out quiet and loud voices',
  output: 'Output',
  choose_output: 'Choose the output',
  delay: 'Sound from {seconds} s ago, or a little more',
  sound_on: 'Turn the sound on',
  mute: 'Mute',
  volume: 'Volume',
  quality_good: 'Connection: good',
  quality_fair: 'Connection: fair',
  quality_poor: 'Connection: poor',

  // Titles of failures.
  fail_microphone: 'Microphone not available',
  fail_sign_in: 'Sign-in not valid',
  fail_here: 'Not possible here',
  fail_network: 'No connection',
  fail_service: 'Service not available',

  // Under each failure.
  details_copy: 'Copy details for support',
  details_copied: 'Copied',

  // Failures that the user can mend.
  error_token_expired: 'Your sign-in has ended. Sign in again to go on.',
  error_token_user_changed: 'Somebody else has signed in on this page. Reload the page to go on as that person.',
  error_outdated: 'This page is older than the live service and no longer fits it. Reload the page.',
  error_unsupported:
    'This browser cannot send or receive live sound. Open the page in a current Safari, Chrome or Firefox.',
  error_time_limit: 'The longest time for one stream is over, so it has ended. Tap to start again.',
  error_policy_hours: 'Your company allows live sound in its working hours only. Come back then.',
  error_policy_time: 'The longest time that your company allows without a break is over.',
  error_policy_time_used: 'The listening that your company allows for today is used up.',
  error_policy_protected: 'Your company lets nobody listen to this colleague.',
  error_policy_full: 'As many colleagues listen as your company allows. Try again when one has left.',
  error_purpose_required: 'Your company asks for a reason to listen, and this page gave none. Tell your administrator.',
  error_consent_required:
    'Your company asks you to accept how live listening works first, and this page cannot show it. Tell your administrator.',
  error_microphone_denied: 'This page may not use the microphone: it was not allowed.',
  error_microphone_not_found: 'This device has no microphone, or it is not plugged in. Plug one in, then tap again.',
  error_microphone_in_use: 'Another application or a call is using the microphone. Close it, then tap again.',
  error_microphone_failed: 'The microphone did not start. Tap again; if it goes on, unplug it or restart the browser.',
  error_microphone_ended: 'The microphone stopped by itself. Tap again to take it anew.',
  unblock_safari: 'Allow it in the Safari menu, or under “aA” in the address bar, Website settings.',
  unblock_other: 'Allow it at the icon to the left of the address, then tap again.',

  // Failures that an administrator must mend.
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
  error_forbidden: 'Your role or your teams do not permit this. If they should, ask your administrator to change them.',
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

  // Failures of the network.
  error_relay_unreachable:
    'The live service cannot be reached. Check your network; the connection comes back by itself.',
  error_request_timeout: 'The live service did not answer in time. Check your network, then try again.',
  error_media_failed:
    'Sound does not reach the live service: this network seems to block it. Try another network, such as mobile data, or tell your administrator.',
  error_token_provider_failed: 'Your sign-in could not be renewed. It is tried again by itself; check your network.',

  // Failures of the service, which pass.
  error_busy: 'The live service could not do this just now. Try again in a few seconds.',
  error_capacity:
    'The live service is full at the moment. Try again in a minute; if it goes on, tell your administrator.',
  error_rate_limited: 'Too much was asked of the live service in a short time. Wait a minute, then try again.',
  error_draining: 'The live service is being restarted. The connection comes back by itself in a few seconds.',
  error_token_keys_unavailable:
    'The live service cannot check sign-ins at the moment. Wait a minute; if it goes on, tell your administrator.',
  error_unknown: 'Something went wrong ({code}). Try again; if it goes on, tell your administrator.',
} as const;
