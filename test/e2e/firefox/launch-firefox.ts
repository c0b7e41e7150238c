import puppeteer, { type Browser } from 'puppeteer-core';

/** Starts a Firefox whose microphone is a made up one that asks nobody, and that plays without a tap. @param prefs more of its preferences */
export function launchFirefox(program: string, prefs: Readonly<Record<string, unknown>> = {}): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: program,
    headless: true,
    extraPrefsFirefox: {
      ...prefs,
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.autoplay.default': 0,
      'media.autoplay.block-webaudio': false,
    },
  });
}
