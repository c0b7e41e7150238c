import { aptInstall, canUseApt } from './apt.mjs';
import { which } from './run.mjs';

/** What the deployment's tests take: nginx. Where it cannot be installed, those who start it say what is missing. */
export async function ensureDeployPrograms() {
  const missing = ['nginx'].filter((program) => which(program) === null);
  if (missing.length > 0 && canUseApt()) await aptInstall(missing, 'the tests of the deployment');
}
