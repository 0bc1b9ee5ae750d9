/** The TurnServer of the story, made and looked at with kubectl, as its owner would. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

import { labels } from '../../operator/desired/names.ts';
import { rtcclusters, turnservers } from '../../operator/kube/resources.ts';
import type { ToolRunner } from '../../test/cluster/toolRunner.ts';
import { eventually } from '../../test/support/eventually.ts';
import { fleetName } from './fleet.ts';
import { fullName, isThere, turnParts } from './kinds.ts';

const sample = join(import.meta.dirname, '../../crds/samples/turnserver.yaml');
/** As the sample names it. */
const name = 'edge';
const [cluster, server] = [fullName(rtcclusters), fullName(turnservers)];
const atOnce = JSON.stringify({ spec: { deletionPolicy: 'Immediate' } });
const use = JSON.stringify({ spec: { turn: { turnServerName: name } } });

/** Applies the sample, with this image of coturn, and sends the RTCCluster's clients there; resolves with what was typed. */
export async function applyTurnServer(tools: ToolRunner, image: string | undefined): Promise<string> {
  const object = parse(await readFile(sample, 'utf8')) as { readonly spec: object };
  const chosen = { ...object, spec: { ...object.spec, ...(image !== undefined && { image }) } };
  await tools.kubectlWithInput(JSON.stringify(chosen), 'apply', '-f', '-');
  await tools.kubectl('patch', cluster, fleetName, '--type=merge', '-p', use);
  const which = image === undefined ? '' : ` (with image ${image})`;
  return `kubectl apply -f crds/samples/turnserver.yaml${which}\nkubectl patch rtccluster ${fleetName} --type=merge -p '${use}'`;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message: string;
}

/** Resolves with what the RTCCluster says when its Mattermost is told of the servers, and each of them serves. */
export async function untilTurnServes(tools: ToolRunner): Promise<string> {
  let said = '';
  await eventually(
    async () => {
      const text = await tools.kubectl('get', cluster, fleetName, '-o', 'jsonpath={.status.conditions}');
      const conditions = text === '' ? [] : (JSON.parse(text) as Condition[]);
      const found = conditions.find(({ type }) => type === 'TurnReady');
      said = `TurnReady: ${found?.message ?? 'nothing is said yet'}`;
      return found?.status === 'True' ? undefined : said;
    },
    { timeoutMs: 120_000, intervalMs: 300 },
  );
  return said;
}

/**
 * Deletes it, if it is there. The call is over: a coturn without an exporter does not say that its allocations are,
 * and would be waited for until the deadline of its drain. Its pods are orphaned, so that this is the first that deletes
 * them: once a pod's preStop hook has begun to wait, a shorter grace does not end it.
 */
export async function removeTurnServer(tools: ToolRunner): Promise<void> {
  if (!(await isTurnServerThere(tools))) return;
  await tools.kubectl('patch', server, name, '--type=merge', '-p', atOnce);
  await tools.kubectl('delete', server, name, '--cascade=orphan', '--wait', '--timeout=60s');
  const its = ['--selector', `${labels.turnServer}=${name}`];
  await tools.kubectl('delete', turnParts, ...its, '--grace-period=1', '--wait', '--timeout=60s');
}

/** Whether somebody has a TurnServer of the story's name. */
export function isTurnServerThere(tools: ToolRunner): Promise<boolean> {
  return isThere(tools, turnservers, name);
}
