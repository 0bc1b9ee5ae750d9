/** The RTCCluster of the story, looked at and changed with kubectl, as its owner would. */
import { join } from 'node:path';

import { rtcclusters } from '../../operator/kube/resources.ts';
import type { ToolRunner } from '../../test/cluster/toolRunner.ts';
import type { Say } from '../../test/setup/progress.ts';
import { eventually } from '../../test/support/eventually.ts';
import { turnWiringOf, type TurnWiring } from '../page/server/turn.ts';
import { fullName, isThere } from './kinds.ts';

const sample = join(import.meta.dirname, '../../crds/samples/rtccluster.yaml');
const kind = fullName(rtcclusters);

/** The story's RTCCluster, as the sample names it. */
export const fleetName = 'calls';

/** One SFU pod as `status.members` has it. */
export interface Member {
  readonly name: string;
  readonly node?: string;
  readonly address?: string;
  readonly state: string;
  readonly message?: string;
}

/** The variables that wire a Mattermost. */
export interface Wiring {
  readonly url: string;
  readonly clientID: string;
  readonly authKey: string;
  /** Undefined until the cluster has TURN servers. */
  readonly turn: TurnWiring | undefined;
}

/** The cluster `calls`. */
export interface Fleet {
  /** Resolves when `count` pods are published and none is on its way; says each pod's states as they come. */
  untilPublished(count: number): Promise<void>;
  members(): Promise<readonly Member[]>;
  /** Resolves with the first of these pods that is leaving. */
  untilDraining(pods: readonly string[]): Promise<Member>;
  untilGone(pod: string): Promise<void>;
  /** From now on the operator decides how many pods there are, with so many people on each; resolves with what was typed. */
  autoscale(sessionsPerPod: number): Promise<string>;
  wiring(): Promise<Wiring>;
  /** What `kubectl get rtcclusters,turnservers` prints. */
  table(): Promise<string>;
}

const patience = { timeoutMs: 120_000, intervalMs: 300 };

/** Applies the sample. */
export async function applyFleet(tools: ToolRunner, say: Say): Promise<Fleet> {
  const kubectl: ToolRunner['kubectl'] = (...args) => tools.kubectl(...args);
  await kubectl('apply', '-f', sample);
  const members = async (): Promise<readonly Member[]> => {
    const text = await kubectl('get', kind, fleetName, '-o', 'jsonpath={.status.members}');
    return text === '' ? [] : (JSON.parse(text) as Member[]);
  };
  const tell = teller(say);
  return {
    members,
    untilPublished: (count) =>
      eventually(async () => {
        const found = tell(await members());
        const published = found.filter(({ state }) => state === 'Published');
        return published.length === count && found.length === count ? undefined : sentence(found);
      }, patience),
    async untilDraining(pods) {
      let leaving: Member | undefined;
      await eventually(async () => {
        const found = tell(await members());
        leaving = found.find((one) => one.state === 'Draining' && pods.includes(one.name));
        return leaving === undefined ? sentence(found) : undefined;
      }, patience);
      if (leaving === undefined) throw new Error('no pod is draining');
      return leaving;
    },
    untilGone: (pod) =>
      eventually(async () => {
        const found = tell(await members());
        return found.some((member) => member.name === pod) ? sentence(found) : undefined;
      }, patience),
    autoscale: async (sessionsPerPod) => {
      const change = JSON.stringify({ spec: autoscaled(sessionsPerPod) });
      await kubectl('patch', kind, fleetName, '--type=merge', '-p', change);
      return `kubectl patch rtccluster ${fleetName} --type=merge -p '${change}'`;
    },
    wiring: async () => wiringOf(await kubectl('get', 'secret', `${fleetName}-mattermost-env`, '-o', 'json')),
    table: () => kubectl('get', 'rtcclusters,turnservers'),
  };
}

/** As small and as quick as a story needs: a fleet in earnest keeps headroom, and waits minutes before it shrinks. */
function autoscaled(sessionsPerPod: number): object {
  const scaleDown = { stabilizationSeconds: 5, confirmPeriods: 1, maxPods: 3, periodSeconds: 5 };
  return {
    replicas: null,
    scaling: {
      ...{
        mode: 'Auto',
        minPods: 1,
        maxPods: 3,
        target: { sessionsPerPod, loadPercent: null, cpuPercent: null },
      },
      headroom: { percent: 0, leadTime: 'Off' },
      behavior: { scaleDown, minPodAgeSeconds: 0 },
    },
  };
}

/** Deletes it, if it is there, and waits until its last call has ended. */
export async function removeFleet(tools: ToolRunner): Promise<void> {
  if (!(await isFleetThere(tools))) return;
  await tools.kubectl('delete', kind, fleetName, '--wait', '--timeout=120s');
}

/** Whether somebody has an RTCCluster of the story's name. */
export function isFleetThere(tools: ToolRunner): Promise<boolean> {
  return isThere(tools, rtcclusters, fleetName);
}

/** Says each change of a member once. */
function teller(say: Say): (members: readonly Member[]) => readonly Member[] {
  const told = new Map<string, string>();
  return (members) => {
    for (const member of members) {
      const line = `pod ${member.name} on ${member.node ?? 'no node yet'}: ${member.state}${member.message === undefined ? '' : ` (${member.message})`}`;
      if (told.get(member.name) !== line) say(line);
      told.set(member.name, line);
    }
    return members;
  };
}

function sentence(members: readonly Member[]): string {
  return (
    members.map(({ name: pod, state, message }) => `${pod} is ${state}: ${message ?? ''}`).join('; ') ||
    'no pods'
  );
}

/** From the Secret as kubectl prints it. */
export function wiringOf(json: string): Wiring {
  const { data } = JSON.parse(json) as { readonly data: Readonly<Record<string, string>> };
  const read = ([key, value]: [string, string]): [string, string] => [
    key,
    Buffer.from(value, 'base64').toString(),
  ];
  const variables: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(data).map(read));
  const value = (key: string): string => variables[key] ?? '';
  return {
    url: value('MM_CALLS_RTCD_SERVICE_URL'),
    clientID: value('MM_CALLS_RTCD_CLIENT_ID'),
    authKey: value('MM_CALLS_RTCD_AUTH_KEY'),
    turn: turnWiringOf(variables),
  };
}
