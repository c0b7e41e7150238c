import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import limitsKb from '../../widgets/bundle-limits.json' with { type: 'json' };

export interface BundleSize {
  readonly name: string;
  readonly gzipBytes: number;
  readonly limitBytes: number;
}

/** Sizes as a web server would send them (gzip, level 9). @throws Error when the bundles are not built */
export function bundleSizes(): BundleSize[] {
  return Object.entries(limitsKb).map(([name, limitKb]) => {
    const file = new URL(`../../widgets/dist/${name}`, import.meta.url);
    return { name, gzipBytes: gzipSync(readFileSync(file), { level: 9 }).length, limitBytes: limitKb * 1000 };
  });
}
