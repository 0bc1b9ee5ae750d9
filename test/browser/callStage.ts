/** What tests of the call page begin with: an SFU process, the page's server as the plugin, and what it told. */
import { type PageServer, type PageServerOptions, startPageServer } from '../../demo/page/server.ts';
import { discoverFixed } from '../../demo/page/server/discovery.ts';
import { routeAddress } from '../support/routeAddress.ts';
import { type StandaloneSfu, startStandaloneSfu } from './standaloneSfu.ts';

/** Both, running. */
export interface CallStage {
  readonly sfu: StandaloneSfu;
  readonly pageServer: PageServer;
  /** A line for each thing the page's server told. */
  readonly told: readonly string[];
  close(): Promise<void>;
}

/** `more` are options of the page's server. */
export async function startCallStage(more: Partial<PageServerOptions> = {}): Promise<CallStage> {
  const told: string[] = [];
  const sfu = await startStandaloneSfu(await routeAddress());
  const pageServer = await startPageServer({
    discover: discoverFixed([sfu.address]),
    identity: { clientID: 'browser-test', authKey: 'k'.repeat(32), apiPort: sfu.apiPort },
    describeHost: () => Promise.resolve({ pod: 'calls-sfu-0', node: 'n1' }),
    log: (line) => void told.push(line),
    ...more,
  });
  return {
    sfu,
    pageServer,
    told,
    async close() {
      await pageServer.close();
      await sfu.stop();
    },
  };
}
