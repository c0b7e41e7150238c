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
