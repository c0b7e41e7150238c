import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { inRoot } from '../../setup/paths.mjs';

/**
 * Finds links to files of the project that are not there, and to headings that no page has. Addresses on the web are not asked.
 * @param {ReturnType<typeof import('./markdown.mjs').parseMarkdown>[]} pages
 * @returns {string[]} problems
 */
export function checkLinks(pages) {
  const byFile = new Map(pages.map((page) => [page.file, page]));
  return pages.flatMap(({ file, links }) =>
    links.flatMap(({ line, target }) => {
      if (/^[a-z][a-z+.-]*:/i.test(target)) return [];
      const [path, anchor] = target.split('#');
      const aim = path ? posix.join(posix.dirname(file), decodeURI(path)) : file;
      if (!existsSync(inRoot(aim))) return [`${file}:${line}: there is no ${aim}`];
      const page = byFile.get(aim);
      if (anchor && page && !page.anchors.has(anchor)) return [`${file}:${line}: ${aim} has no heading #${anchor}`];
      return [];
    }),
  );
}
