import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readPackageInfo } from '../package-info.ts';

/** How a person calls this program: by the script of a checkout, or by the command of the installed package. */
export function commandName(): string {
  const checkout = existsSync(join(readPackageInfo().root, '..', 'tools', 'run.mjs'));
  return checkout ? 'npm run --silent relay --' : 'npx prospect-live';
}
