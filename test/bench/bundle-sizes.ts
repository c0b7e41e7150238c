import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** The built bundles, each with the size that it must not pass, gzipped, in bytes. */
const LIMITS: Readonly<Record<string, number>> = {
  'prospect-live.js': 48_000,
  'prospect-stream-button.js': 42_000,
  'prospect-listen-panel.js': 42_000,
};

export interface BundleSize {
  readonly name: string;
  readonly gzipBytes: number;
  readonly limitBytes: number;
}

/** Sizes as a web server would send them (gzip, level 9). @throws Error when the bundles are not built */
export function bundleSizes(): BundleSize[] {
  return Object.entries(LIMITS).map(([name, limitBytes]) => {
    const file = new URL(`../../widgets/dist/${name}`, import.meta.url);
    return { name, gzipBytes: gzipSync(readFileSync(file), { level: 9 }).length, limitBytes };
  });
}
