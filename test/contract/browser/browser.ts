/**
 * A real browser whose pages are told what to do over a WebSocket of their own: it is started with a URL and needs
 * no driver, so Chromium and Firefox ESR do the very same steps. Each user is a frame of one page.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromiumFlags } from '../../../demo/browser/chromium.ts';
import { eventually } from '../../support/eventually.ts';
import { routeAddress } from '../../support/routeAddress.ts';
import { type Remote, serveSite } from './site.ts';

/** The browsers that people use, by family. */
export type BrowserName = 'Chromium' | 'Firefox';

/** A running browser. */
export interface Browser {
  /** Opens a frame for a user. */
  readonly open: (id: string) => Promise<Remote>;
  readonly close: () => Promise<void>;
}

/** Nothing but this machine, no questions, loopback as an address like any other. */
const firefoxPreferences: Readonly<Record<string, string | number | boolean>> = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'media.autoplay.blocking_policy': 0,
  'media.autoplay.default': 0,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'network.prefetch-next': false,
  // Whatever else it wants to fetch goes to a port where nobody listens.
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  'network.proxy.type': 1,
  'toolkit.telemetry.enabled': false,
};

/** Starts one and waits for its page. */
export async function startBrowser(name: BrowserName): Promise<Browser> {
  const site = await serveSite();
  const profile = await mkdtemp(join(tmpdir(), 'rtc-browser-'));
  const [command, args] = await commandOf(name, profile);
  const child = spawn(command, [...args, `${site.url}/hub`], {
    stdio: 'ignore',
    env: { ...process.env, HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: '1' },
    detached: true, // In a group of its own: one signal reaches all its processes.
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = (): void => killGroup(child.pid);
  process.once('exit', kill); // A run that is cut short leaves no browser behind.
  const close = async (): Promise<void> => {
    process.off('exit', kill);
    kill();
    await ended;
    site.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  };
  const remoteOf = async (id: string): Promise<Remote> => {
    await eventually(() => (site.remote(id) === undefined ? `the page ${id} in ${name}` : undefined), {
      timeoutMs: 60_000,
    });
    return site.remote(id)!;
  };
  const hub = await remoteOf('hub').catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    open: async (id) => {
      await hub.evaluate(`addFrame(${JSON.stringify(id)})`);
      return await remoteOf(id);
    },
    close,
  };
}

async function commandOf(name: BrowserName, profile: string): Promise<readonly [string, readonly string[]]> {
  if (name === 'Chromium') {
    const own = ['--headless=new', '--ignore-certificate-errors', `--user-data-dir=${profile}`];
    return [process.env['CHROMIUM'] ?? '/usr/bin/chromium', [...chromiumFlags, ...own]];
  }
  const reachable = `127.0.0.1, ${await routeAddress()}`; // Media over TCP would take the proxy as well.
  const preferences = { ...firefoxPreferences, 'network.proxy.no_proxies_on': reachable };
  const lines = Object.entries(preferences).map(
    ([key, value]) => `user_pref(${JSON.stringify(key)}, ${JSON.stringify(value)});`,
  );
  await writeFile(join(profile, 'user.js'), lines.join('\n'));
  const own = ['--headless', '--no-remote', '--profile', profile];
  return [process.env['FIREFOX'] ?? '/usr/bin/firefox-esr', own];
}

function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
