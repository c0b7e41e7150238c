import { readFileSync } from 'node:fs';
import { manifestFile } from '../checks/manifest.mjs';
import { readSource } from '../checks/source-files.mjs';
import { commentBefore, interfaceFields, unionValues } from './doc-comments.mjs';
import { code, elementsOf, elementTables, table } from './tables.mjs';

/** Which union a state is of, per element. */
const STATES = { 'prospect-stream-button': 'StreamingStatus', 'prospect-listen-panel': 'ListeningStatus' };
const EVENT = /\/\*\* `([\w-]+)`: .*? \*\/\nexport class \w+[\s\S]*?ProspectEvent<(\w+)/g;

/** docs/api-widgets.md, from custom-elements.json and the doc comments of events, states and error codes. */
export async function makeApiWidgets() {
  const elements = elementsOf(JSON.parse(readFileSync(manifestFile, 'utf8')));
  const states = readSource('widgets/sessions/state.ts');
  return [
    '# The two elements: reference',
    'Made from the sources by `npm run docs`; a test keeps it fresh. How to use the elements is in the [quick start](quick-start.md), how to dress them in [theming](theming.md).',
    contents(elements),
    ...elements.map((element) => elementSection(element, states)),
    eventSection(),
    rowSection(states),
    await codeSection(),
    'The [relay’s own codes](api-relay.md#error-codes) arrive in `prospect-error` too.',
  ].join('\n\n');
}

function contents(elements) {
  const tags = elements.map(({ tagName }) => `[\`<${tagName}>\`](#${tagName})`);
  return [
    ...tags,
    '[Event details](#event-details)',
    '[A row of the list](#a-row-of-the-list)',
    '[Error codes](#error-codes)',
  ].join(' · ');
}

function elementSection(element, states) {
  const union = STATES[element.tagName];
  return [
    `## \`<${element.tagName}>\``,
    `${element.summary} Class \`${element.name}\`.`,
    ...elementTables(element).map(({ title, text }) => `### ${title} of \`<${element.tagName}>\`\n\n${text}`),
    `### States of \`<${element.tagName}>\``,
    `One of ${unionValues(states, union)
      .map(({ value }) => code(value))
      .join(', ')} (type \`${union}\`). ${commentBefore(states, `export type ${union}`)}`,
  ].join('\n\n');
}

function eventSection() {
  const source = readSource('widgets/events/prospect-events.ts');
  const tables = [...source.matchAll(EVENT)].map(([, event, detail]) => {
    const rows = interfaceFields(source, detail).map(({ name, type, doc }) => [code(name), code(type), doc]);
    return `### \`${event}\`\n\n${table(['Field', 'Type', 'Meaning'], rows)}`;
  });
  if (tables.length === 0) throw new Error('no events were found in prospect-events.ts');
  return `## Event details\n\nAll events bubble and are composed. The same values are fields of the event and in its \`detail\`.\n\n${tables.join('\n\n')}`;
}

function rowSection(states) {
  const rows = interfaceFields(states, 'Commercial').map(({ name, type, doc }) => [code(name), code(type), doc]);
  return `## A row of the list\n\nType \`Commercial\`, in \`commercials\`, \`selected\` and \`prospect-roster-change\`. Level and status mean what the [roster entry](api-relay.md#shape-rosterentry) says.\n\n${table(['Field', 'Type', 'Meaning'], rows)}`;
}

/** The codes that begin in the page, with the words that the elements really show. */
async function codeSection() {
  const { faultWords, isRecoverable, menderOf } = await import('../../widgets/i18n/fault-words.ts');
  const { wordsFor } = await import('../../widgets/i18n/languages.ts');
  const codes = [
    ...unionValues(readSource('widgets/audio/microphone-failure.ts'), 'MicrophoneFailureCode'),
    ...unionValues(readSource('widgets/shared/fault.ts'), 'PageFaultCode'),
  ];
  const rows = codes.map(({ value, doc }) => [
    code(value),
    doc,
    faultWords(value, wordsFor('en'), 'Chrome'),
    isRecoverable(value) ? 'yes' : 'no',
    code(menderOf(value)),
  ]);
  return `## Error codes\n\nCodes of \`prospect-error\` that begin in the page. “Shown” is the element’s English text, in Chrome where it differs; \`recoverable\` says whether a tap or a little time can mend it, \`mender\` who can.\n\n${table(['Code', 'Meaning', 'Shown', '`recoverable`', '`mender`'], rows)}`;
}
