/** Headless Chromium for pages in a call: media on loopback and local networks only, no sound card, no update traffic. */
import { type Browser, chromium } from 'playwright-core';

/** Debian package with the browser. */
export const browserPackages = ['chromium'] as const;

/** What every Chromium in a call is started with, whatever it captures. */
export const quietFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  // Local addresses as they are: names by mDNS would be multicast.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
] as const;

/** The same for pages that capture: nobody is asked, and a device that does not exist plays. */
export const chromiumFlags: readonly string[] = [
  ...quietFlags,
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
];

/** Launches one, with `flags` besides; pages of several people live in contexts of their own. */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  return await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [...chromiumFlags, ...flags],
    headless: true,
    handleSIGINT: false, // Whoever launched it closes it.
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
