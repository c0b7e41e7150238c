/**
 * Whether a token asks for streams that are sealed from end to end (claim `e2ee`). The page reads that by itself, without judging the token: of
 * what is kept from the relay, the relay's word is no proof.
 */
export function mustBeSealed(token: string | null): boolean {
  const payload = token?.split('.')[1];
  if (!payload) return false;
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof claims === 'object' && claims !== null && 'e2ee' in claims && claims.e2ee === 'required';
  } catch {
    // No token that anybody takes.
    return false;
  }
}
