import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { escapeHtml } from '../../server/html.ts';

const FOLDER = new URL('../', import.meta.url);

/** Where the built hosts are. */
export const DIST = fileURLToPath(new URL('dist/', FOLDER));

/** The page of a host that Vite built. @throws Error that says how to build it */
export async function builtPage(host: string): Promise<string> {
  try {
    return await readFile(new URL(`dist/${host}/index.html`, FOLDER), 'utf8');
  } catch (error) {
    throw new Error(`The host "${host}" is not built. Build it first: npm run hosts`, { cause: error });
  }
}

/** A page of a host without a build, its `{{names}}` filled in and escaped. @throws Error for a name without a value */
export async function filledPage(path: string, values: Readonly<Record<string, string>>): Promise<string> {
  const template = await readFile(new URL(path, FOLDER), 'utf8');
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${path} wants "${name}", which nobody gives it`);
    return escapeHtml(value);
  });
}
