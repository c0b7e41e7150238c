import { watch as watchFiles } from 'node:fs';
import { watch as watchBundles } from 'rollup';
import { loadConfigFile } from 'rollup/loadConfigFile';
import { inRoot } from '../setup/paths.mjs';

/** Editors write a file in several steps, and often several files: wait for this long after the last, in milliseconds. */
const QUIET_MS = 200;

/**
 * Calls back when sources of the relay or the demo's server side change.
 * @param {(path: string) => void} changed
 * @returns {{ close: () => void }}
 */
export function watchServers(changed) {
  let timer;
  const watchers = ['relay', 'demo'].map((folder) =>
    watchFiles(inRoot(folder), { recursive: true }, (_event, path) => {
      if (!path || !/\.(?:ts|json|js|css|html|svg)$/.test(path) || /\.test\.ts$|node_modules/.test(path)) return;
      clearTimeout(timer);
      timer = setTimeout(() => changed(`${folder}/${path}`), QUIET_MS);
    }),
  );
  return {
    close: () => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/**
 * Builds the bundles, and again whenever their sources change; errors are printed, and the next change tries again.
 * @param {() => void} rebuilt called after each build but the first
 * @returns {Promise<import('rollup').RollupWatcher>} once the first build is over
 */
export async function watchWidgets(rebuilt) {
  const { options, warnings } = await loadConfigFile(inRoot('rollup.config.mjs'), {});
  warnings.flush();
  const watcher = watchBundles(options);
  let first = true;
  await new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
    watcher.on('event', (event) => {
      if ('result' in event && event.result) void event.result.close();
      if (event.code === 'ERROR') console.error(`dev: ${event.error.message}\n${event.error.frame ?? ''}`);
      if (event.code !== 'END') return;
      console.log('dev: widgets built');
      if (!first) rebuilt();
      first = false;
      resolve();
    });
  });
  return watcher;
}
