/** Firefox ESR without a window, for pages in a call on loopback. */
import puppeteer from 'puppeteer-core';

import type { CallPage, Launched } from './browser.ts';

/** Debian package with the browser. */
export const firefoxPackages = ['firefox-esr'] as const;

const preferences = {
  'app.update.auto': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'media.autoplay.blocking_policy': 0,
  'media.autoplay.default': 0,
  'media.navigator.permission.disabled': true,
  'media.navigator.streams.fake': true,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'network.proxy.type': 0,
};

/** Starts Firefox. It speaks WebDriver BiDi, which Playwright does not. */
export async function launchFirefox(): Promise<Launched> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: true,
    extraPrefsFirefox: preferences,
  });
  return {
    // Of a page, tests use what both libraries have in the same form.
    newPage: async () => (await browser.newPage()) as unknown as CallPage,
    close: () => browser.close(),
  };
}
