/** Names in running text that look as if they were the project's. */
const PROPERTY = /--prospect-[\w-]*\w/g;
const VARIABLE = /`([A-Z][A-Z\d]*(?:_[A-Z\d]+)+)(?:=[^`]*)?`/g;
const METRIC = /\bprospect_relay_\w+/g;
const TAG = /<(prospect-[\w-]+)>/g;
const EVENT = /`(prospect-[\w-]+)`/g;

/**
 * Finds names of variables, metrics, elements, events and CSS properties that do not exist.
 * @param {string} text
 * @param {{ elements: any[], variables: string[], metrics: string[] }} known
 * @returns {string[]} problems
 */
export function checkNames(text, { elements, variables, metrics }) {
  const tags = elements.map(({ tagName }) => tagName);
  const events = elements.flatMap((element) => element.events.map(({ name }) => name));
  const properties = elements.flatMap((element) => element.cssProperties.map(({ name }) => name));
  const unknown = (pattern, known, what) =>
    [...text.matchAll(pattern)]
      .map((match) => match[1] ?? match[0])
      .filter((name) => !known.includes(name))
      .map((name) => `there is no ${what} ${name}`);
  return [
    ...unknown(PROPERTY, properties, 'CSS property'),
    ...unknown(VARIABLE, variables, 'variable'),
    ...unknown(METRIC, metrics, 'metric'),
    ...unknown(TAG, tags, 'element'),
    ...unknown(EVENT, [...tags, ...events], 'element or event'),
  ];
}
