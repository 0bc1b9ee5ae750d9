/** One process of the real operator: its own clock, its own way to the API server, ended by a kill or by a stop. */
import { createOperator, type Operator } from '../../../operator/app.ts';
import { loadConfig } from '../../../operator/config.ts';
import type { Answer } from '../../../operator/facts/answer.ts';
import type { Endpoint, SfuClient } from '../../../operator/facts/client.ts';
import type { Log } from '../../../operator/ops/logger.ts';
import { createMetrics } from '../../../operator/ops/metrics.ts';
import type { SimClientDeps } from './connection.ts';
import { createSimClient } from './kubeClient.ts';
import { simProbeClient, type ProbesDeps } from './probes.ts';
import type { FakeSfu } from './sfu.ts';
import { ProcessClock } from './time.ts';

/** What a process runs in. */
export interface ProcessDeps extends Omit<SimClientDeps, 'clock'> {
  readonly sfuAt: (address: string) => FakeSfu | undefined;
  /** Absent: nobody places probe calls. */
  readonly probes?: Pick<ProbesDeps, 'placeAt' | 'log'>;
  /** Every line that is logged at info or above, as one text. */
  readonly onLog: (line: string) => void;
  /** The process has ended by itself: it lost the lead. */
  readonly onExit: () => void;
}

/** See the file comment. */
export interface OperatorProcess {
  readonly name: string;
  readonly clock: ProcessClock;
  /** At once: nothing more is sent, no answer is heard. */
  kill(): void;
  /** SIGTERM, and a kill when it has not ended by itself in time. */
  stop(): void;
  readonly isStopping: () => boolean;
  /** Milliseconds since the scenario began. */
  readonly startedMs: number;
}

/** Longest answer of an SFU, and how long silence is waited for. */
const sfuMs = 50;
const pollTimeoutMs = 2_000;

/** Default of Kubernetes. */
const graceMs = 30_000;

const config = loadConfig(['--sfu-image=sfu:1.2.6', '--poll-period-ms=10000'], {});

/** Starts one. */
export function startOperatorProcess(deps: ProcessDeps): OperatorProcess {
  const { name, time, random } = deps;
  const clock = new ProcessClock(time, () => random.next());
  let isStopping = false;
  const operator: Operator = createOperator({
    config: { ...config, identity: name },
    client: createSimClient({ ...deps, clock }),
    log: collectingLog(deps.onLog),
    metrics: createMetrics(),
    clock,
    sfu: simSfuClient({ ...deps, clock }),
    ...(deps.probes && { probes: simProbeClient({ ...deps, ...deps.probes, clock }) }),
    resolve: () => Promise.resolve([]),
    onLost: () => {
      clock.kill();
      if (!isStopping) deps.onExit();
    },
  });
  operator.start();
  return {
    ...{ name, clock, startedMs: time.nowMs },
    kill: () => clock.kill(),
    stop() {
      isStopping = true;
      time.after(graceMs, () => clock.kill());
      void operator.stop().then(() => clock.kill());
    },
    isStopping: () => isStopping,
  };
}

/** Over the network of the nodes: late, or silent. */
function simSfuClient({
  time,
  clock,
  random,
  sfuAt,
}: ProcessDeps & { readonly clock: ProcessClock }): SfuClient {
  const ask = <T>({ origin }: Endpoint, answer: (sfu: FakeSfu | undefined) => T): Promise<T> => {
    const sfu = sfuAt(new URL(origin).hostname);
    const heard = sfu?.isSilent === true ? undefined : sfu;
    const delayMs = heard === undefined ? pollTimeoutMs : random.between(1, sfuMs);
    return new Promise((resolve) => {
      time.afterSettling(delayMs, () => {
        if (!clock.isDead) resolve(answer(heard));
      });
    });
  };
  return {
    look: (endpoint) => ask(endpoint, (sfu): Answer => sfu?.answer() ?? silence),
    setDraining: (endpoint, isDraining) => ask(endpoint, (sfu) => steer(sfu, isDraining)),
    close: () => Promise.resolve(),
  };
}

const silence: Answer = { answered: false, message: `no answer within ${pollTimeoutMs} ms` };

function steer(sfu: FakeSfu | undefined, isDraining: boolean): boolean {
  if (sfu === undefined) return !isDraining;
  sfu.isDraining = sfu.isEnding || isDraining;
  return sfu.isDraining;
}

function collectingLog(onLog: (line: string) => void): Log {
  const write = (fields: object, message: string): void =>
    onLog(JSON.stringify({ ...fields, message }, plain));
  const log: Log = { debug: () => undefined, info: write, warn: write, error: write, child: () => log };
  return log;
}

/** Errors have their message in a property that JSON leaves out. */
function plain(_: string, value: unknown): unknown {
  return value instanceof Error ? `${value.name}: ${value.message}` : value;
}
