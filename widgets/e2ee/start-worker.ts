import { WORKER_TEXT } from './worker-text.ts';

/** So long a worker may take to say that it runs. */
const PATIENCE_MS = 5_000;

/** A worker that runs, and where it came from. */
export interface Started {
  readonly worker: Worker;
  readonly from: 'url' | 'blob';
}

/**
 * Starts the worker: from the host's own file, else from the text that came with the package, where the page's policy allows that.
 * @param url of the file, on the page's own origin; null: none is given
 * @throws Error with all reasons, when none of them runs
 */
export async function startWorker(url: string | null): Promise<Started> {
  const reasons: string[] = [];
  if (url !== null) {
    try {
      return { worker: await running(new URL(url, document.baseURI).href), from: 'url' };
    } catch (error) {
      reasons.push(`e2ee-worker-url (${url}): ${String(error)}`);
    }
  }
  const blob = URL.createObjectURL(new Blob([WORKER_TEXT], { type: 'text/javascript' }));
  try {
    return { worker: await running(blob), from: 'blob' };
  } catch (error) {
    reasons.push(`blob: ${String(error)}`);
  } finally {
    URL.revokeObjectURL(blob);
  }
  throw new Error(reasons.join('; '));
}

/** What a page that asks for Trusted Types has (W3C Trusted Types, 2.3). */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** The name under which a page's policy (`trusted-types`) lets the worker start. */
const POLICY_NAME = 'prospect-live';

let policy: ReturnType<TrustedTypes['createPolicy']> | null = null;

/** The address as the browser takes it. Only the host's own file and the blob ever come here. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  if (!trustedTypes) return url;
  try {
    policy ??= trustedTypes.createPolicy(POLICY_NAME, { createScriptURL: (given) => given });
    return policy.createScriptURL(url);
  } catch {
    // The page allows no policy of this name: where it asks for Trusted Types, the worker's constructor says so.
    return url;
  }
}

/** A policy that forbids it is told as an exception by some browsers, as an event by others. */
function running(url: string): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(trusted(url), { type: 'module', name: 'prospect-e2ee' });
    const fail = (why: string): void => {
      clearTimeout(timer);
      worker.terminate();
      reject(new Error(why));
    };
    const timer = setTimeout(() => fail('it did not start in time'), PATIENCE_MS);
    worker.onerror = ({ message }) =>
      fail(message || 'it could not be loaded: look at the Content-Security-Policy (worker-src) and the address');
    worker.onmessage = () => {
      clearTimeout(timer);
      worker.onerror = worker.onmessage = null;
      resolve(worker);
    };
  });
}
