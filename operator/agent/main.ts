/** The sidecar of a coturn: configuration → log → rounds → server, and an end in the reverse order. */
import { createLogger } from '../ops/logger.ts';
import { Agent } from './agent.ts';
import { agentConfig } from './config.ts';
import { startAgentServer } from './server.ts';

/** What it writes has secrets in it: for this user alone. */
process.umask(0o077);
const log = createLogger().child({ component: 'turn-agent' });
const config = agentConfig(process.env);
const agent = new Agent({ config, log });
const server = await startAgentServer(agent, config);
log.info({ addresses: config.addresses, port: server.port }, 'Started');
let timer: NodeJS.Timeout | undefined;
await rounds();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end());

async function rounds(): Promise<void> {
  await agent.round();
  timer = setTimeout(() => void rounds(), config.periodMs);
}

async function end(): Promise<void> {
  clearTimeout(timer);
  await server.close();
  agent.close();
  log.info({}, 'Stopped');
  process.exit(0);
}
