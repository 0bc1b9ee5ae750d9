/** The life of the operator in a light world: one process, killed at times, and another in its place soon after. */
import type { OperatorProcess, OperatorProgram } from '../../support/operatorProgram.ts';

/** What it needs. */
export interface LifeDeps {
  readonly program: OperatorProgram;
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly onLine: (line: string) => void;
  /** It ended by itself. */
  readonly onProblem: (problem: string) => void;
}

/** See the file comment. */
export interface OperatorLife {
  start(): void;
  /** SIGKILL; the next one starts by itself. */
  crash(): void;
  stop(): Promise<void>;
}

/** Ten seconds in the life of Mattermost. */
const pollPeriodMs = 1_000;
/** How long a crashed operator is away. */
const restartMs = 300;

/** Nothing runs before `start`. */
export function createOperatorLife({ program, kubeconfig, namespace, ...deps }: LifeDeps): OperatorLife {
  let process: OperatorProcess | undefined;
  let restart: NodeJS.Timeout | undefined;
  const settings = {
    ...{ 'sfu-image': 'sfu:1.2.6', 'watch-namespaces': namespace, 'leader-election': 'false' },
    ...{ 'poll-period-ms': String(pollPeriodMs), 'poll-timeout-ms': '2000' },
  };
  const start = (): void => {
    process = program.start({ kubeconfig, settings, onLine: (line) => deps.onLine(line) });
    void process.ended.then((code) => {
      if (code !== undefined && code !== 0) deps.onProblem(`the operator ended with ${code}`);
    });
  };
  return {
    start,
    crash() {
      process?.kill();
      clearTimeout(restart);
      restart = setTimeout(start, restartMs);
    },
    async stop() {
      clearTimeout(restart);
      await process?.stop();
    },
  };
}
