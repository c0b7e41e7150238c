/**
 * A fenced block of code. What stands behind its language is read as options: `ts file=src/a.ts host=react`.
 * @typedef {{ file: string, line: number, lang: string, options: Record<string, string>, code: string }} Block
 */

const FENCE = /^( *)(`{3,})([^\n`]*)\n([\s\S]*?)^\1\2[ \t]*$/gm;

/**
 * The parts of a Markdown page that a test can judge.
 * @param {string} file
 * @param {string} text
 * @returns {{ file: string, blocks: Block[], anchors: Set<string>, links: { line: number, target: string }[], prose: string }}
 */
export function parseMarkdown(file, text) {
  const blocks = [...text.matchAll(FENCE)].map((match) => {
    const [lang = '', ...options] = match[3].trim().split(/\s+/);
    return {
      file,
      line: lineAt(text, match.index) + 1,
      lang,
      options: Object.fromEntries(options.map((option) => splitOnce(option, '='))),
      code: match[4].replaceAll(new RegExp(`^${match[1]}`, 'gm'), ''),
    };
  });
  // Blanked, not removed, so that lines keep their numbers.
  const prose = text.replace(FENCE, (block) => block.replace(/[^\n]/g, ' '));
  const linkable = prose.replace(/`[^`\n]*`/g, (span) => ' '.repeat(span.length));
  return { file, blocks, anchors: anchorsOf(prose), links: linksOf(linkable), prose };
}

function anchorsOf(prose) {
  const anchors = new Set();
  for (const [, title] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = slugOf(title);
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  for (const [, id] of prose.matchAll(/<a id="([^"]+)">/g)) anchors.add(id);
  return anchors;
}

/** The anchor that GitHub gives to a heading. */
export function slugOf(title) {
  const words = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').trim();
  return words
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function linksOf(prose) {
  const found = [...prose.matchAll(/\]\(([^()\s]+(?:\([^()]*\))?)\)|<img[^>]*\ssrc="([^"]+)"/g)];
  return found.map((match) => ({ line: lineAt(prose, match.index), target: match[1] ?? match[2] }));
}

const lineAt = (text, index) => text.slice(0, index).split('\n').length;

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
