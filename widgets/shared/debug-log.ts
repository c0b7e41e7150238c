/** Writes one step for a person who debugs. Callers pass names, codes and counts: never a token, an SDP or ICE credentials. */
export type DebugLog = (message: string, detail?: unknown) => void;

/** A log to `console.debug`, or one that does nothing. */
export function createDebugLog(prefix: string, enabled: boolean): DebugLog {
  if (!enabled) return () => {};
  return (message, detail) =>
    detail === undefined ? console.debug(`[${prefix}] ${message}`) : console.debug(`[${prefix}] ${message}`, detail);
}
