import { aptInstall, canUseApt } from './apt.mjs';
import { which } from './run.mjs';

/** What tests in network namespaces take: `ip` and `nft`. Where they cannot be installed, those tests say why they do not run. */
export async function ensureNamespaceTools() {
  const missing = [
    ['ip', 'iproute2'],
    ['nft', 'nftables'],
  ].filter(([program]) => which(program) === null);
  if (missing.length > 0 && canUseApt()) {
    await aptInstall(
      missing.map(([, name]) => name),
      'tests in network namespaces',
    );
  }
}
