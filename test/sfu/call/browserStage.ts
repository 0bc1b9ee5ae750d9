/** What tests in Chromium stand on: media and calls in this process, and a browser; calls end after each test. */
import { afterAll, afterEach, beforeAll } from '@jest/globals';

import { type CallBrowser, startBrowser } from './browser.ts';
import { type Harness, startHarness } from './harness.ts';

/** There from the first test on. */
export interface BrowserStage {
  readonly harness: Harness;
  readonly browser: CallBrowser;
}

/** Registers the hooks of a test file. The options are the harness's. */
export function browserStage(options?: Parameters<typeof startHarness>[0]): BrowserStage {
  const parts: { harness?: Harness; browser?: CallBrowser } = {};
  beforeAll(async () => {
    parts.harness = await startHarness(options);
    parts.browser = await startBrowser(parts.harness);
  }, 60_000);
  afterEach(() => parts.browser?.clear());
  afterAll(async () => {
    await parts.browser?.close();
    await parts.harness?.close();
  });
  const there = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the stage is set by a hook before the first test');
    return part;
  };
  return {
    get harness() {
      return there(parts.harness);
    },
    get browser() {
      return there(parts.browser);
    },
  };
}
