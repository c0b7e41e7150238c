/** Writes one step for a person who debugs. Callers pass names, codes and counts: never a token, an SDP or ICE credentials. */
export type DebugLog = (message: string, detail?: unknown) => void;

/** A log to `console.debug` for as long as `enabled` says so: it is asked at every step, because support asks for logs while somebody is live. */
export function createDebugLog(prefix: string, enabled: () => boolean): DebugLog {
  return (message, detail) => {
    if (!enabled()) return;
    if (detail === undefined) console.debug(`[${prefix}] ${message}`);
    else console.debug(`[${prefix}] ${message}`, detail);
  };
}
