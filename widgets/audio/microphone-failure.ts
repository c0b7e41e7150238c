import { ProspectError } from '../shared/fault.ts';

/** Every way in which a microphone fails, each with its own words and way out. */
export type MicrophoneFailureCode =
  /** The user (or a remembered choice) said no. */
  | 'microphone_denied'
  /** There is none. */
  | 'microphone_not_found'
  /** Another program has it, or the system does not give it. */
  | 'microphone_in_use'
  /** The page is not served over HTTPS (or from localhost): browsers then give no microphone at all. */
  | 'insecure_context'
  /** A Permissions-Policy header, or an iframe without `allow="microphone"`, forbids it. */
  | 'microphone_blocked_by_policy'
  /** The page is secure, yet the browser (often one inside another application) was built without capture. */
  | 'microphone_unsupported'
  /** The system took it away while in use. */
  | 'microphone_ended'
  /** Anything else. */
  | 'microphone_failed';

const MESSAGES: Readonly<Record<MicrophoneFailureCode, string>> = {
  microphone_denied: 'The microphone was refused. Allow it for this site.',
  microphone_not_found: 'There is no microphone. Connect one.',
  microphone_in_use: 'Another program has the microphone, or the system withholds it.',
  insecure_context: 'A microphone needs a page served over https (or from localhost).',
  microphone_blocked_by_policy: 'Check the Permissions-Policy header, and allow="microphone" on the iframe.',
  microphone_unsupported: 'This browser gives no microphone to pages. Use Chrome, Safari, Edge or Firefox.',
  microphone_ended: 'The system ended the microphone.',
  microphone_failed: 'The microphone failed.',
};

/** A failure of the microphone, with its stable code. */
export class MicrophoneError extends ProspectError {
  declare readonly code: MicrophoneFailureCode;

  constructor(code: MicrophoneFailureCode, options?: ErrorOptions) {
    super(code, MESSAGES[code], options);
  }
}

/** What is known of the page when getUserMedia fails. */
export interface MicrophoneSurroundings {
  readonly secureContext: boolean;
  readonly hasMediaDevices: boolean;
  /** What the Permissions-Policy says; null where the browser does not tell. */
  readonly policyAllows: boolean | null;
}

/** DOMException names of getUserMedia (W3C Media Capture and Streams 10.2.1). */
const BY_NAME: Readonly<Record<string, MicrophoneFailureCode>> = {
  NotAllowedError: 'microphone_denied',
  // Firefox, where the policy forbids it.
  SecurityError: 'microphone_blocked_by_policy',
  NotFoundError: 'microphone_not_found',
  OverconstrainedError: 'microphone_not_found',
  NotReadableError: 'microphone_in_use',
  AbortError: 'microphone_in_use',
};

/** A failure that is known before asking, or null. */
export function foreseeFailure(where: MicrophoneSurroundings): MicrophoneError | null {
  if (!where.secureContext) return new MicrophoneError('insecure_context');
  if (where.policyAllows === false) return new MicrophoneError('microphone_blocked_by_policy');
  return where.hasMediaDevices ? null : new MicrophoneError('microphone_unsupported');
}

/** What getUserMedia threw, as one of our codes. */
export function toMicrophoneError(error: unknown): MicrophoneError {
  if (error instanceof MicrophoneError) return error;
  const name = error instanceof Error ? error.name : '';
  // Chromium says "Permission denied by system" where the operating system, not the user, withholds it: still a refusal.
  return new MicrophoneError(BY_NAME[name] ?? 'microphone_failed', { cause: error });
}
