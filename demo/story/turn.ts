/** The TurnServer of the story, made and looked at with kubectl, as its owner would. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

import { labels } from '../../operator/desired/names.ts';
import type { ToolRunner } from '../../test/cluster/toolRunner.ts';
import { eventually } from '../../test/support/eventually.ts';

const sample = join(import.meta.dirname, '../../crds/samples/turnserver.yaml');
const name = 'edge';
const atOnce = JSON.stringify({ spec: { deletionPolicy: 'Immediate' } });
const use = JSON.stringify({ spec: { turn: { turnServerName: name } } });

/** Applies the sample, with this image of coturn, and sends the RTCCluster's clients there; resolves with what was typed. */
export async function applyTurnServer(tools: ToolRunner, image: string | undefined): Promise<string> {
  const object = parse(await readFile(sample, 'utf8')) as { readonly spec: object };
  const chosen = { ...object, spec: { ...object.spec, ...(image !== undefined && { image }) } };
  await tools.kubectlWithInput(JSON.stringify(chosen), 'apply', '-f', '-');
  await tools.kubectl('patch', 'rtccluster', 'calls', '--type=merge', '-p', use);
  const which = image === undefined ? '' : ` (with image ${image})`;
  return `kubectl apply -f crds/samples/turnserver.yaml${which}\nkubectl patch rtccluster calls --type=merge -p '${use}'`;
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
      const text = await tools.kubectl('get', 'rtccluster', 'calls', '-o', 'jsonpath={.status.conditions}');
      const conditions = text === '' ? [] : (JSON.parse(text) as Condition[]);
      const found = conditions.find(({ type }) => type === 'TurnReady');
      said = `TurnReady: ${found?.message ?? 'nothing is said yet'}`;
      return found?.status === 'True' ? undefined : said;
    },
    { timeoutMs: 120_000, intervalMs: 300 },
  );
  return said;
}

const children = 'pods,services,configmaps,secrets,poddisruptionbudgets,controllerrevisions';

/**
 * Deletes it, if it is there. The call is over: a coturn without an exporter does not say that its allocations are,
 * and would be waited for until the deadline of its drain. Its pods are orphaned, so that this is the first that deletes
 * them: once a pod's preStop hook has begun to wait, a shorter grace does not end it.
 */
export async function removeTurnServer(tools: ToolRunner): Promise<void> {
  if (!(await isTurnServerThere(tools))) return;
  await tools.kubectl('patch', 'turnserver', name, '--type=merge', '-p', atOnce);
  await tools.kubectl('delete', 'turnserver', name, '--cascade=orphan', '--wait', '--timeout=60s');
  const its = ['--selector', `${labels.turnServer}=${name}`];
  await tools.kubectl('delete', children, ...its, '--grace-period=1', '--wait', '--timeout=60s');
}

/** Whether somebody has a TurnServer of this name; without the custom resource nobody can. */
export async function isTurnServerThere(tools: ToolRunner): Promise<boolean> {
  const crds = await tools.kubectl(
    'get',
    'crd',
    'turnservers.rtc.progressnet.gr',
    '--ignore-not-found',
    '-o',
    'name',
  );
  if (crds === '') return false;
  return (await tools.kubectl('get', 'turnserver', name, '--ignore-not-found', '-o', 'name')) !== '';
}
