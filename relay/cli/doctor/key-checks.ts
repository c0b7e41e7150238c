import { goesWith } from '../../auth/key-algorithms.ts';
import { fetchKeys } from '../../auth/key-set.ts';
import type { AuthConfig } from '../../config/shape.ts';
import { type Finding, failed, ok, wordsOf } from './finding.ts';

const TIMEOUT_MS = 5_000;

/** What tokens are verified with: of a key set, whether it can be fetched and holds a key for what is accepted. */
export async function checkKeys({ key, algorithms }: AuthConfig): Promise<Finding> {
  const id = 'token-keys';
  if (key.kind !== 'jwks') {
    const what = key.kind === 'secret' ? 'a shared secret' : 'a public key';
    return ok(id, `Tokens are verified with ${what} (${algorithms.join(', ')}).`);
  }
  const began = performance.now();
  try {
    const keys = await fetchKeys(key.url, TIMEOUT_MS);
    const usable = keys.filter((each) =>
      algorithms.some((alg) => (each.alg ?? alg) === alg && goesWith(each.key, alg)),
    );
    const took = Math.round(performance.now() - began);
    if (usable.length > 0)
      return ok(id, `${key.url} came in ${took} ms; ${usable.length} of its ${keys.length} keys can be used.`);
    return failed(
      id,
      `${key.url} holds ${keys.length} keys, none of them for ${algorithms.join(', ')}.`,
      'JWT_ALGORITHMS names what your identity provider signs with.',
    );
  } catch (error) {
    return failed(
      id,
      `${key.url} cannot be fetched: ${reasonOf(error)}.`,
      'Is JWKS_URL right, and may this machine get there? Without keys nobody gets in.',
    );
  }
}

/** What `fetch` says is “fetch failed”; why stands in its cause. */
function reasonOf(error: unknown): string {
  return error instanceof TypeError && error.cause !== undefined ? wordsOf(error.cause) : wordsOf(error);
}
