/** Elements without content (HTML, 13.1.2). */
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
/** Attributes that any element may have. */
const GLOBAL = /^(?:class|id|hidden|style|slot|title|tabindex|inert|role|lang|dir|(?:data|aria)-[\w-]+)$/;
/** A SHA-384 (Subresource Integrity, W3C). */
const INTEGRITY = /^sha384-[\w+/]{64}$/;
const TOKEN =
  /<!--[\s\S]*?-->|<!doctype[^>]*>|<(\/?)([a-z][\w-]*)((?:\s+[^\s=/>"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*(\/?)>/gi;
const ATTRIBUTE = /([^\s=/>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

/**
 * Checks a piece of HTML: tags that match, and of the project's elements only what the manifest has.
 * @param {string} html
 * @param {{ elements: any[], widgetFiles: string[] }} known the manifest's elements, and the files that the relay serves
 * @returns {{ problems: string[], scripts: string[] }} the inline scripts too, for the type check
 */
export function checkHtml(html, { elements, widgetFiles }) {
  const problems = [];
  const scripts = [];
  const open = [];
  let at = 0;
  const tokens = new RegExp(TOKEN);
  for (let match = tokens.exec(html); match; match = tokens.exec(html)) {
    if (html.slice(at, match.index).includes('<'))
      problems.push(`a "<" that begins no tag: ${html.slice(at, match.index).trim()}`);
    at = tokens.lastIndex;
    const [, closing, name, attributes, slash] = match;
    if (!name) continue;
    const tag = name.toLowerCase();
    if (closing) {
      const opened = open.pop();
      if (opened !== tag) problems.push(`</${tag}> closes ${opened ? `<${opened}>` : 'nothing'}`);
      continue;
    }
    const given = readAttributes(attributes);
    problems.push(...problemsOf(tag, given, slash, { elements, widgetFiles }));
    if (VOID.has(tag)) continue;
    open.push(tag);
    if (tag !== 'script' && tag !== 'style') continue;
    // Everything up to the closing tag is text.
    const end = html.indexOf(`</${tag}`, at);
    if (tag === 'script' && given.get('type') === 'importmap') problems.push(...checkImportMap(html.slice(at, end)));
    else if (tag === 'script' && !given.has('src') && end > at) scripts.push(html.slice(at, end));
    at = end < 0 ? html.length : end;
    tokens.lastIndex = at;
  }
  if (html.slice(at).includes('<')) problems.push(`a "<" that begins no tag: ${html.slice(at).trim()}`);
  return { problems: [...problems, ...open.map((tag) => `<${tag}> is not closed`)], scripts };
}

/** As HTML has it (8.1.5.8 Import maps): every integrity value is of a file that the map leads to. */
function checkImportMap(text) {
  try {
    const { imports = {}, integrity = {} } = JSON.parse(text);
    const files = Object.values(imports);
    return Object.entries(integrity).flatMap(([url, value]) => [
      ...(files.includes(url) ? [] : [`the import map does not lead to ${url}`]),
      ...(INTEGRITY.test(value) ? [] : [`not an integrity value: ${value}`]),
    ]);
  } catch (error) {
    return [`the import map: ${error.message}`];
  }
}

function readAttributes(text) {
  const pairs = [...text.matchAll(ATTRIBUTE)];
  return new Map(pairs.map(([, name, a, b, c]) => [name.toLowerCase(), a ?? b ?? c ?? '']));
}

function problemsOf(tag, given, slash, { elements, widgetFiles }) {
  if (tag === 'script') {
    const integrity = given.get('integrity');
    if (integrity !== undefined && given.get('crossorigin') !== 'anonymous')
      return ['integrity of another origin is checked with crossorigin="anonymous" only'];
    if (integrity !== undefined && !INTEGRITY.test(integrity)) return [`not an integrity value: ${integrity}`];
    const file = /\/widgets\/(?:\d+\.\d+\.\d+\/)?([^?#]+)$/.exec(given.get('src') ?? '')?.[1];
    return file && !widgetFiles.includes(file) ? [`the relay serves no /widgets/${file}`] : [];
  }
  if (!tag.includes('-')) return [];
  const element = elements.find(({ tagName }) => tagName === tag);
  if (!element) return [`there is no element <${tag}>`];
  const problems = slash ? [`<${tag} /> does not close in HTML: write </${tag}>`] : [];
  const known = new Map(element.attributes.map((attribute) => [attribute.name, attribute]));
  for (const [name, value] of given) {
    const attribute = known.get(name);
    if (!attribute && !GLOBAL.test(name)) problems.push(`<${tag}> has no attribute ${name}`);
    else if (name === 'state') problems.push(`<${tag} state> is read-only`);
    const allowed = [...(attribute?.type?.text ?? '').matchAll(/'([^']+)'/g)].map(([, one]) => one);
    if (allowed.length > 0 && !allowed.includes(value))
      problems.push(`<${tag} ${name}> is one of ${allowed.join(', ')}`);
  }
  return problems;
}
