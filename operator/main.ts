/** The process: configuration → log → client → operator → health, and an end in the reverse order. */
import { createOperator } from './app.ts';
import { ConfigError, loadConfig, type Config } from './config.ts';
import { createKubeClient } from './kube/client.ts';
import { startHealthServer } from './ops/health.ts';
import { createLogger } from './ops/logger.ts';
import { createMetrics } from './ops/metrics.ts';
import { startRecordServer } from './ops/records.ts';
import { releaseAll } from './release.ts';
import { tryCalls } from './trial/trial.ts';

const config = configOrExit();
const log = createLogger({ level: config.logLevel });
const metrics = createMetrics();
const client = createKubeClient({ onRequest: (report) => metrics.onRequest(report) });
if (config.release) {
  await releaseAll({ kube: client.api(), log, namespaces: config.watchNamespaces });
  await client.close();
  process.exit(0);
}
if (config.trial) {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const hasPassed = await tryCalls({ kube: client.api(), namespaces: config.watchNamespaces, say }).catch(
    (error: unknown) => {
      say(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    },
  );
  await client.close();
  process.exit(hasPassed ? 0 : 1);
}
const operator = createOperator({ config, client, log, metrics, onLost: () => void end(1) });
const health = await startHealthServer({
  port: config.metricsPort,
  isAlive: () => operator.stuck(),
  isReady: () => operator.notReady(),
  metrics: () => metrics.registry.metrics(),
});
const records = await startRecordServer(operator.records, {
  port: config.recordsPort,
  nowMs: () => performance.now(),
});
log.info({ config, port: health.port }, 'Started');
operator.start();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end(0));

function configOrExit(): Config {
  try {
    return loadConfig(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

/** A process that lost the lead must not linger: its successor may write already. */
async function end(code: number): Promise<never> {
  log.info({ code }, 'Stopping');
  setTimeout(() => process.exit(code), 5_000).unref();
  await operator.stop();
  await Promise.all([health.close(), records.close(), client.close()]);
  process.exit(code);
}
