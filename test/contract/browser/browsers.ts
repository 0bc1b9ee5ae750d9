/** The browsers of a group of scenarios: each is started when it is first asked for. */
import { type Browser, type BrowserName, startBrowser } from './browser.ts';

/** Started browsers. */
export interface Browsers {
  readonly get: (name: BrowserName) => Promise<Browser>;
  readonly close: () => Promise<void>;
}

/** None is started yet. */
export function createBrowsers(): Browsers {
  const started = new Map<BrowserName, Promise<Browser>>();
  return {
    get: (name) => {
      const browser = started.get(name) ?? startBrowser(name);
      started.set(name, browser);
      return browser;
    },
    close: async () => {
      for (const browser of await Promise.allSettled(started.values()))
        if (browser.status === 'fulfilled') await browser.value.close();
    },
  };
}
