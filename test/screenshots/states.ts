import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StatePages } from '../harness/state-page.ts';
import { LOOKS, openLook } from '../harness/state-views.ts';

const BUTTONS = ['ready', 'denied', 'live-many', 'paused', 'live-help'];
/** What the button tells besides: of other pages, of a reload, of the connection, of newcomers, of the day, of the microphone. */
const TELLING = [
  'elsewhere',
  'reloaded',
  'stopped',
  'asking',
  'live-newcomer',
  'live-uncertain',
  'live-today',
  'microphone-test',
];
const PANELS = ['many', 'listening', 'refused-live', 'help'];

type Which = NonNullable<Parameters<typeof openLook>[2]>;

/** What a policy brings. */
const POLICY = { buttons: ['consent-sheet', 'policy-ending', 'door-card'], panels: ['purpose-picker'] };

/** Whispering: allowed, a voice in the ear, a text; and who speaks. */
const WHISPER = { buttons: ['live-earpiece', 'live-whisper', 'live-cue'], panels: ['whispering'] };
/** Streams that are sealed from end to end: the lock opened, and what goes wrong. */
const SEALED = { buttons: ['live-sealed', 'key-missing'], panels: ['sealed', 'cannot-decrypt'] };

/** The sheets of the documentation: in which look, and which states. */
const IN_DOCS: Readonly<Record<string, readonly [look: string, which: Which]>> = {
  'states-arabic': ['arabic', { buttons: BUTTONS, panels: PANELS }],
  'states-large-text': ['large-text', { buttons: BUTTONS, panels: PANELS }],
  'states-forced-colors': ['forced-colors', { buttons: BUTTONS, panels: PANELS }],
  'states-telling': ['phone-light', { buttons: TELLING, panels: [] }],
  'states-telling-dark': ['phone-dark', { buttons: TELLING, panels: [] }],
  'states-policy': ['phone-light', POLICY],
  'states-policy-dark': ['phone-dark', POLICY],
  'states-whisper': ['phone-light', WHISPER],
  'states-whisper-dark': ['phone-dark', WHISPER],
  'states-sealed': ['phone-light', SEALED],
  'states-sealed-dark': ['phone-dark', SEALED],
};

/** Where the sheets of all states go: to be looked at, not kept. */
const SHEETS = fileURLToPath(new URL('../../.cache/looks/', import.meta.url));

/**
 * Takes pictures of every state in every look, each state in a window of its own; and smaller ones for the documentation, of settings
 * that few have: right to left, letters of twice the size in a window of 320 px, forced colours.
 * @param folder where those of the documentation go, with a slash at its end
 */
export async function shootStates(folder: string): Promise<void> {
  mkdirSync(SHEETS, { recursive: true });
  const pages = await StatePages.start();
  try {
    for (const name of Object.keys(LOOKS)) await shoot(pages, name, `${SHEETS}${name}.png`, {});
    for (const [name, [look, which]] of Object.entries(IN_DOCS))
      await shoot(pages, look, `${folder}${name}.png`, which);
  } finally {
    await pages.close();
  }
}

async function shoot(pages: StatePages, name: string, path: string, which: Which): Promise<void> {
  const look = LOOKS[name];
  if (!look) throw new Error(`There is no look ${name}.`);
  const { browser, page } = await openLook(pages, look, which);
  try {
    const columns = which.buttons ? 4 : Math.floor(3600 / look.view.width);
    await page.setViewport({ width: columns * (look.view.width + 14) + 24, height: 800 });
    await new Promise((done) => setTimeout(done, 400));
    await page.screenshot({ path: path as `${string}.png`, fullPage: true });
    console.log(path);
  } finally {
    await browser.close();
  }
}
