/** What a token says of itself, as far as it may be shown and told on. */
export interface ShownClaims {
  readonly role: string | null;
  /** Teams, of either role. */
  readonly teams: readonly string[];
  readonly issuer: string | null;
  readonly audience: string | null;
  /** Seconds since 1970. */
  readonly expiresAt: number | null;
}

/**
 * Decodes the payload of a JSON Web Token (RFC 7519) in the page, without judging it: that is the relay's. Who it is for is left out,
 * since it stands in the report.
 * @returns null when it is no token
 */
export function readShownClaims(token: string): ShownClaims | null {
  const [, payload, , more] = token.trim().split('.');
  if (payload === undefined || more !== undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof claims !== 'object' || claims === null) return null;
    const get = (name: string): unknown => Object.getOwnPropertyDescriptor(claims, name)?.value;
    const texts = (value: unknown): string[] => [value].flat().filter((each) => typeof each === 'string');
    const exp = get('exp');
    return {
      role: texts(get('role'))[0] ?? null,
      teams: [...texts(get('equipe')), ...texts(get('equipes'))],
      issuer: texts(get('iss'))[0] ?? null,
      audience: texts(get('aud')).join(', ') || null,
      expiresAt: typeof exp === 'number' ? exp : null,
    };
  } catch {
    return null;
  }
}
