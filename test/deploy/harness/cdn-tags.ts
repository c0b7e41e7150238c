import { fileURLToPath } from 'node:url';
import { runCommand } from '../../harness/network/run-command.ts';

/** What `npm run cdn` prints, in parts. */
export interface PrintedTags {
  /** Script tag with its integrity. */
  readonly script: string;
  readonly importMap: string;
  /** Script tag with the stable name. */
  readonly stable: string;
  /** For `script-src`. */
  readonly folder: string;
  readonly importMapHash: string;
}

const PROGRAM = fileURLToPath(new URL('../../../tools/cdn.mjs', import.meta.url));

/** Asks the program for the tags of a place, as an integrator does. */
export async function printedTags(url: string, bundle = 'prospect-live.js'): Promise<PrintedTags> {
  const text = await runCommand(process.execPath, [PROGRAM, url, bundle]);
  const one = (pattern: RegExp): string => {
    const found = pattern.exec(text)?.[0];
    if (!found) throw new Error(`npm run cdn printed nothing that fits ${pattern}:\n${text}`);
    return found;
  };
  return {
    script: one(/^<script type="module".* integrity=.*<\/script>$/m),
    importMap: one(/^<script type="importmap">[\s\S]*?<\/script>$/m),
    stable: one(/^<script type="module" crossorigin="anonymous" src="[^"]*"><\/script>$/m),
    folder: one(/^https?:\/\/\S+\/$/m),
    importMapHash: one(/^'sha256-\S+'/m),
  };
}
