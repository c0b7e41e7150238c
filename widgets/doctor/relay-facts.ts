/** What the relay says of itself over HTTP. */
export interface RelayFacts {
  readonly version: string;
  /** Null when TLS ends before the relay. */
  readonly certificateDaysLeft: number | null;
  /** How far this device's clock is ahead of the relay's, in seconds; null when the answer had no date. */
  readonly aheadS: number | null;
}

const TIMEOUT_MS = 8_000;

/** @param base address of the folder in which the page lies. @throws Error without a usable answer */
export async function fetchFacts(base: URL): Promise<RelayFacts> {
  const sentAt = Date.now();
  const response = await fetch(new URL('doctor/facts', base), {
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const middle = (sentAt + Date.now()) / 2;
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const facts = (await response.json()) as { version?: unknown; certificate_days_left?: unknown };
  const date = Date.parse(response.headers.get('date') ?? '');
  if (typeof facts.version !== 'string') throw new Error('no relay');
  return {
    version: facts.version,
    certificateDaysLeft: typeof facts.certificate_days_left === 'number' ? facts.certificate_days_left : null,
    // The header has whole seconds (RFC 9110, 6.6.1): on average it is half a second old.
    aheadS: Number.isNaN(date) ? null : Math.round((middle - date - 500) / 1000),
  };
}
