import { ensureNodeModules } from './node-modules.mjs';
import { continueUnderPinnedNode } from './pinned-node.mjs';
import { say } from './progress.mjs';

/**
 * Makes ready what a command needs, from a fresh clone on; what is there already costs next to nothing.
 * The packages and the pinned Node come first, always. After it, MEDIASOUP_WORKER_BIN, CHROMIUM_BIN and FIREFOX_BIN
 * in this process's environment hold the paths of what was asked for, and node_modules/.bin is first on the PATH.
 * @param {{ worker?: boolean, chromium?: boolean, namespaces?: boolean, firefox?: boolean, certificates?: boolean, widgets?: boolean,
 *   cluster?: boolean, deploy?: boolean, packages?: boolean, hosts?: boolean }} [needs]
 */
export async function prepare(needs = {}) {
  await ensureNodeModules();
  await continueUnderPinnedNode();
  if (needs.worker) await (await import('./worker.mjs')).ensureWorker();
  if (needs.chromium) await (await import('./browser.mjs')).ensureChromium();
  if (needs.firefox) await (await import('./browser.mjs')).ensureFirefox();
  if (needs.namespaces) await (await import('./namespaces.mjs')).ensureNamespaceTools();
  if (needs.cluster) await (await import('./cluster-programs.mjs')).ensureClusterPrograms();
  if (needs.deploy) await (await import('./deploy-programs.mjs')).ensureDeployPrograms();
  if (needs.certificates) await (await import('./certificates.mjs')).ensureCertificates();
  if (needs.widgets) await (await import('./widgets-build.mjs')).ensureWidgets();
  if (needs.hosts) await (await import('../hosts/build-hosts.mjs')).buildHosts(say);
  if (needs.packages) await (await import('../packaging/build-packages.mjs')).ensurePackages();
}
