/** What is told about a failure: a stable code, and a text in English for logs. */
export type Fault = Readonly<{ code: string; message: string }>;

/**
 * Who can mend a failure: the `user` (sign in again, allow the microphone, another browser), an `administrator` (of the host or of
 * the relay), or the `network`: another one, or a little time; nobody has to do more.
 */
export type Mender = 'user' | 'administrator' | 'network';

/** Codes of failures found in the page; those of the relay stand in its error-codes.ts, the microphone's in microphone-failure.ts. */
export type PageFaultCode =
  /** `relay-url` is not an http(s) URL, or cannot be used from this page. */
  | 'relay_url_invalid'
  /** The connection to the relay is down when it is needed, or has been for ten seconds. Retried without end. */
  | 'relay_unreachable'
  /** The relay did not acknowledge a request in time. */
  | 'request_timeout'
  /** The relay is within reach, but no media connection to it for 15 seconds, or longer where round trips are slow. Retried without end. */
  | 'media_failed'
  /** The browser has no RTCPeerConnection, or refuses to make one. */
  | 'webrtc_unsupported'
  /** The browser cannot use the STUN or TURN servers that the relay names. */
  | 'ice_servers_invalid'
  /** The host's `tokenProvider` threw, rejected, returned no text or did not answer. Called again by itself. */
  | 'token_provider_failed'
  /** The admin's token names no team (`equipes` is empty), so that the panel can show nobody. */
  | 'no_team'
  /** Streams are to be sealed from end to end, and this browser, or a page that is not secure, cannot. */
  | 'e2ee_unsupported'
  /** There is no key for sealed streams, or none with the number that a frame names. */
  | 'e2ee_key_missing'
  /** The worker that seals and opens does not start: a Content-Security-Policy, or a wrong `e2ee-worker-url`. */
  | 'e2ee_worker_blocked'
  /** Frames come that the keys do not open. */
  | 'e2ee_cannot_decrypt'
  /** The relay ended the stream at its configured time limit. */
  | 'time_limit'
  /** A fault of this program; the message has the cause. */
  | 'unexpected';

/** An error with a stable code. */
export class ProspectError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The code and text of anything thrown. */
export function toFault(error: unknown): Fault {
  return error instanceof ProspectError
    ? Object.freeze({ code: error.code, message: error.message })
    : Object.freeze({ code: 'unexpected' satisfies PageFaultCode, message: String(error) });
}

/** A text with what names the page in the relay's log, once it is known; an older relay has nothing of the kind. */
export function traced(message: string, traceId: string | null | undefined): string {
  return traceId ? `${message} (trace ${traceId})` : message;
}

/** The trace id in a text that `traced` made, else null. */
export function traceOf(message: string): string | null {
  return /\(trace (\w+)\)/.exec(message)?.[1] ?? null;
}
