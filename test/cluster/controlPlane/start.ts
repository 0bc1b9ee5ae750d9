/** Brings the control plane up on its machine, in an order in which nobody has to retry. */
import type { ApiRequest } from '../api.ts';
import type { Failures } from '../failures.ts';
import type { Machine } from '../machine.ts';
import { apiServer, controllerManager, etcd, scheduler } from './programs.ts';
import type { ControlPlaneParts } from './programs.ts';

/** What is started. */
export interface ControlPlane {
  readonly machine: Machine;
  readonly parts: ControlPlaneParts;
  readonly api: ApiRequest;
  readonly failures: Failures;
  /** Without nodes there is nothing to schedule. */
  readonly hasNodes: boolean;
}

/** Resolves when the API answers and the controllers work. */
export async function startControlPlane(controlPlane: ControlPlane): Promise<void> {
  const { machine, parts, api, failures, hasNodes } = controlPlane;
  await machine.powerOn();
  machine.start(etcd(parts));
  machine.start(apiServer(parts));
  await failures.eventually(() => failing(api, '/readyz'), { timeoutMs: 120_000 });
  machine.start(controllerManager(parts, hasNodes));
  if (hasNodes) machine.start(scheduler(parts));
  // Made by a controller, and without it no pod can be created.
  await failures.eventually(() => failing(api, '/api/v1/namespaces/default/serviceaccounts/default'), {
    timeoutMs: 60_000,
  });
}

async function failing(api: ApiRequest, path: string): Promise<string | undefined> {
  const { status, text } = await api('GET', path);
  return status === 200 ? undefined : `${path} answers ${status}: ${text.slice(-300)}`;
}
