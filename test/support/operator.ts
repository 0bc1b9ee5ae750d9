/** A whole operator in this process, against the API server of a kubeconfig: fast polls, no election unless asked. */
import { createOperator, type Operator, type OperatorDeps } from '../../operator/app.ts';
import { loadConfig } from '../../operator/config.ts';
import { createKubeClient } from '../../operator/kube/client.ts';
import { createLogger } from '../../operator/ops/logger.ts';
import { createMetrics, type OperatorMetrics } from '../../operator/ops/metrics.ts';

/** A running operator. */
export interface RunningOperator {
  readonly operator: Operator;
  readonly metrics: OperatorMetrics;
  /** Reconciles that ended so far. */
  reconciles(): Promise<number>;
  stop(): Promise<void>;
}

/** What stands in for others, and who hears what the operator logs. */
export interface Doors extends Pick<OperatorDeps, 'resolve' | 'allocate'> {
  readonly onLog?: (line: string) => void;
}

/** Polls every 100 ms; `settings` are flags without the dashes. `doors` stand in for DNS and for coturns. */
export function startOperator(
  kubeconfig: string,
  settings: Readonly<Record<string, string>> = {},
  doors: Doors = {},
): RunningOperator {
  const flags = {
    'sfu-image': 'localhost/rtc-sfu:test',
    'own-image': 'localhost/rtc-operator:test',
    'leader-election': 'false',
    'poll-period-ms': '100',
    'poll-timeout-ms': '500',
    ...settings,
  };
  const config = loadConfig(
    Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    {},
  );
  const { onLog, ...others } = doors;
  const metrics = createMetrics();
  const client = createKubeClient({ kubeconfig, onRequest: (report) => metrics.onRequest(report) });
  const operator = createOperator({
    config,
    client,
    metrics,
    log: logOf(onLog),
    onLost: () => undefined,
    ...others,
  });
  operator.start();
  const stop = async (): Promise<void> => {
    await operator.stop();
    await client.close();
  };
  let stopping: Promise<void> | undefined;
  return {
    operator,
    metrics,
    async reconciles() {
      const counter = await metrics.registry.getSingleMetric('rtc_operator_reconcile_total')?.get();
      return counter?.values.reduce((sum, { value }) => sum + value, 0) ?? 0;
    },
    stop: () => (stopping ??= stop()),
  };
}

/** With OPERATOR_LOG on the terminal, too. */
function logOf(onLog: Doors['onLog']): OperatorDeps['log'] {
  const isShown = process.env['OPERATOR_LOG'] !== undefined;
  const write = (line: string): void => {
    onLog?.(line);
    if (isShown) process.stderr.write(line);
  };
  return createLogger({ level: isShown || onLog !== undefined ? 'debug' : 'silent' }, { write });
}
