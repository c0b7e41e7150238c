import { aptInstall, canUseApt } from './apt.mjs';
import { which } from './run.mjs';

/** What a cluster takes: Redis and HAProxy. Where they cannot be installed, those who start one say what is missing. */
export async function ensureClusterPrograms() {
  const missing = ['redis-server', 'haproxy'].filter((program) => which(program) === null);
  if (missing.length > 0 && canUseApt()) await aptInstall(missing, 'several relays behind one address');
}
