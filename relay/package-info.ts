import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Where this package lies and which version it is. */
export interface PackageInfo {
  readonly root: string;
  readonly version: string;
}

/** Looks upwards, because the compiled package runs from a folder below its package.json and the sources do not. */
export function readPackageInfo(from: string = import.meta.dirname): PackageInfo {
  let root = from;
  while (!existsSync(join(root, 'package.json'))) {
    const parent = dirname(root);
    if (parent === root) throw new Error(`There is no package.json in ${from} or above it.`);
    root = parent;
  }
  const parsed = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return { root, version: parsed.version };
}

/**
 * The folder of the widgets' bundles: of the package that npm installed with the relay; else the one beside the relay, as in a
 * container image that has no other file of that package.
 */
export function findWidgetsFolder(): string {
  try {
    const manifest = fileURLToPath(import.meta.resolve('@prospect-live/widgets/package.json'));
    if (existsSync(manifest)) return join(dirname(manifest), 'dist');
  } catch {
    // Not installed: without the package there is nothing to resolve.
  }
  return join(readPackageInfo().root, '..', 'widgets', 'dist');
}
