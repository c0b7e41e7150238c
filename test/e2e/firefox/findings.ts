/** What a page received so far, from RTCInboundRtpStreamStats (W3C webrtc-stats). */
export interface Received {
  readonly packets: number;
  readonly energy: number;
  /** Seconds of decoded sound. */
  readonly seconds: number;
}

/** What the trial in Firefox found; it printed this as one line of JSON. */
export interface FirefoxFindings {
  /** The browser's own name and version. */
  readonly version: string;
  readonly before: Received;
  /** At least two seconds of sound later. */
  readonly heard: Received;
  /** Errors of the pages. */
  readonly problems: readonly string[];
}

/** What the page /doctor found in Firefox; its trial printed this as one line of JSON. */
export interface DoctorFindings {
  /** The browser's own name and version. */
  readonly version: string;
  /** How each check ended, by its name. */
  readonly checks: Readonly<Record<string, string>>;
  /** What “Copy the report” gives. */
  readonly report: string;
  /** Errors of the page. */
  readonly problems: readonly string[];
}

/** What the trial of sealed streams found in Firefox; it printed this as one line of JSON. */
export interface SealedFindings {
  readonly version: string;
  /** Sound energy in two seconds, Firefox to Firefox, with another key of the same number. */
  readonly withWrongKey: number;
  /** What the panel says then. */
  readonly words: string;
  /** The same with the right key, and what the panel says then. */
  readonly withRightKey: number;
  readonly lock: string;
  /** Firefox to Chromium: the strongest frequency of what is played, in Hz, and its loudness (root mean square). */
  readonly tone: number;
  readonly loudness: number;
  /** Chromium to Firefox: how well the loudness of what is decoded follows that of the reading; 1 for the same. */
  readonly voice: number;
  readonly problems: readonly string[];
}

/** What the trial of WHIP and WHEP found in Firefox; it printed this as one line of JSON. */
export interface WishFindings {
  readonly version: string;
  /** The URL of the device's session. */
  readonly session: string;
  /** The status of the answer to the player's offer, and where that had Opus. */
  readonly status: number;
  readonly payloadType: number;
  readonly before: Received;
  /** At least two seconds of sound later. */
  readonly heard: Received;
  /** Who heard it, after the audit trail. */
  readonly listeners: readonly string[];
  readonly problems: readonly string[];
}

/** What the trial of a whisper found in Firefox; it printed this as one line of JSON. */
export interface WhisperFindings {
  readonly version: string;
  /** Received by the commercial's page: before the press, and while the admin spoke. */
  readonly before: Received;
  readonly heard: Received;
  /** What both elements said meanwhile: the commercial's, the admin's. */
  readonly shown: readonly string[];
  readonly problems: readonly string[];
}
