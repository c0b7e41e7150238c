import { readFileSync } from 'node:fs';
import { aptInstall, canUseApt } from './apt.mjs';
import { SetupError } from './progress.mjs';
import { isExecutable, which } from './run.mjs';

const CHROMIUM = {
  name: 'Chromium',
  variables: ['CHROMIUM_BIN', 'CHROME_PATH'],
  programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  places: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ],
  debianPackage: 'chromium',
};

const FIREFOX = {
  name: 'Firefox',
  variables: ['FIREFOX_BIN'],
  programs: ['firefox-esr', 'firefox'],
  places: ['/Applications/Firefox.app/Contents/MacOS/firefox', 'C:\\Program Files\\Mozilla Firefox\\firefox.exe'],
  debianPackage: 'firefox-esr',
};

/**
 * Finds Chromium or Chrome, or installs Debian's, and puts its path into CHROMIUM_BIN.
 * @returns {Promise<string>} the browser's path
 */
export const ensureChromium = () => ensureBrowser(CHROMIUM);

/** The same for Firefox and FIREFOX_BIN. */
export const ensureFirefox = () => ensureBrowser(FIREFOX);

async function ensureBrowser(browser) {
  let path = findBrowser(browser);
  if (!path && packagesItself() && canUseApt()) {
    await aptInstall([browser.debianPackage], `the tests (${browser.name})`);
    path = findBrowser(browser);
  }
  if (!path) {
    throw new SetupError(
      `The tests need ${browser.name}, and it was not found. Install it, or set ${browser.variables[0]} to its program file.`,
    );
  }
  process.env[browser.variables[0]] = path;
  return path;
}

function findBrowser({ name, variables, programs, places }) {
  for (const variable of variables) {
    const path = process.env[variable];
    if (!path) continue;
    if (isExecutable(path)) return path;
    throw new SetupError(`${variable} is ${path}, but there is no program to run as ${name}. Correct it, or unset it.`);
  }
  for (const program of programs) {
    const path = which(program);
    if (path) return path;
  }
  return places.find(isExecutable) ?? null;
}

/** Debian's packages are the browsers; Ubuntu's of these names are doors to its snaps, which no test can drive. */
function packagesItself() {
  try {
    return !/^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}
