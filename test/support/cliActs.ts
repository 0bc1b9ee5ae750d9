/** Acts of a fleet whose operator is reached as in a cluster: what tests of `kubectl rtc` begin with. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { actsOn, type Acts } from '../operator/reconcile/acts.ts';
import { runCli, type Ran } from './cli.ts';
import { serveOperatorPod } from './operatorPod.ts';

/** See the file comment. */
export interface CliActs {
  readonly acts: Acts;
  /** Types it, with the kubeconfig and the namespace of the act. */
  readonly rtc: (...words: readonly string[]) => Promise<Ran>;
  /** Types it with `-o json`, and expects it to be done. */
  readonly viewOf: <T>(...words: readonly string[]) => Promise<T>;
}

/** One stage for a file, one act for each test. */
export function cliActs(options: { readonly nodes: number }): CliActs {
  const acts = actsOn(options);
  let pod: { close(): Promise<void> };
  beforeAll(async () => {
    pod = await serveOperatorPod(acts.stage, () => acts.operator.operator);
  }, 60_000);
  afterAll(() => pod.close());
  beforeEach(() => acts.begin(), 60_000);
  afterEach(() => acts.end(), 60_000);
  const rtc = (...words: readonly string[]): Promise<Ran> =>
    runCli([...words, '--kubeconfig', acts.stage.cluster.kubeconfig, '-n', acts.calls.namespace]);
  return {
    acts,
    rtc,
    async viewOf(...words) {
      const { exitCode, out, err } = await rtc(...words, '-o', 'json');
      expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
      return JSON.parse(out) as never;
    },
  };
}
