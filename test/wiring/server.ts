/** Asks a Mattermost for what its API tells: https://developers.mattermost.com/api-documentation/ */
import type { Server } from './findings.ts';

/** Where it is, and who asks. */
export interface ServerOptions {
  /** Such as `https://chat.example.com`. */
  readonly url: string;
  /** Of a system administrator, who alone sees plugins. */
  readonly token?: string;
}

const timeoutMs = 10_000;
const callsPlugin = 'com.mattermost.calls';
/** `PluginStateRunning` in Mattermost's `model/plugin_status.go`. */
const running = 2;

interface PluginStatus {
  readonly plugin_id: string;
  readonly state: number;
  readonly version: string;
}

/** Rejects when it does not answer. */
export async function askServer(options: ServerOptions): Promise<Server> {
  const config = (await get(options, '/api/v4/config/client?format=old')) as Readonly<Record<string, string>>;
  const licence = (await get(options, '/api/v4/license/client?format=old')) as Readonly<
    Record<string, string>
  >;
  const calls = options.token === undefined ? undefined : await callsOf(options);
  return {
    isLicensed: licence['IsLicensed'] === 'true',
    sku: licence['SkuShortName'] ?? '',
    hasDeveloperAndTesting: config['EnableDeveloper'] === 'true' && config['EnableTesting'] === 'true',
    ...(calls !== undefined && { calls }),
  };
}

/** Of several nodes the first that does not run it counts. */
async function callsOf(options: ServerOptions): Promise<Server['calls']> {
  const all = (await get(options, '/api/v4/plugins/statuses')) as readonly PluginStatus[];
  const ours = all.filter(({ plugin_id: id }) => id === callsPlugin);
  const told = ours.find(({ state }) => state !== running) ?? ours[0];
  return told === undefined
    ? { version: '(not installed)', isRunning: false }
    : { version: told.version, isRunning: told.state === running };
}

async function get({ url, token }: ServerOptions, path: string): Promise<unknown> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const response = await fetch(new URL(path, url), { headers, signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok)
    throw new Error(
      `Mattermost answers ${response.status} to ${path}: ${response.status === 401 ? 'give --token-file' : 'is --url right?'}`,
    );
  return response.json();
}
