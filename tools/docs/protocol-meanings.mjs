import { readSource } from '../checks/source-files.mjs';

/**
 * What PROTOCOL.md says of each field, for those that the schemas' comments leave to it: by `MESSAGE PART FIELD` (part: takes, answers,
 * carries) or `SHAPE FIELD`. A test of the relay keeps its tables and the schemas equal.
 * @returns {Map<string, string>}
 */
export function protocolMeanings() {
  const meanings = new Map();
  let section = '';
  for (const line of readSource('relay/protocol/PROTOCOL.md').split('\n')) {
    const heading = /^### (?:Shape )?`([\w:-]+)`/.exec(line);
    if (heading) section = heading[1];
    // A | inside a cell is escaped.
    const cells = line.split(/(?<!\\)\|/).slice(1, -1);
    const [part, field, , meaning] =
      cells.length === 4 ? cells.map((cell) => cell.trim()) : ['', ...cells.map((cell) => cell.trim())];
    const name = /^`(\w+)`/.exec(field ?? '')?.[1];
    if (section && name && meaning) meanings.set([section, part, name].filter(Boolean).join(' '), fromDocs(meaning));
  }
  return meanings;
}

/** With links to the protocol's own headings as they lead from a page in docs/. */
function fromDocs(text) {
  return text.replaceAll('](#', '](../relay/protocol/PROTOCOL.md#');
}
