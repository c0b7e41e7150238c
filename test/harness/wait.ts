import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is yes. @throws Error that names what did not come */
export async function waitUntil(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  timeoutMs = 15_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`${what} did not come within ${timeoutMs / 1000} s`);
    await sleep(50);
  }
}
