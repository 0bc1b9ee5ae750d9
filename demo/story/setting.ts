/** The first chapter: a cluster, the operator in it, two published pods, and a page that plays the plugin. */
import type { ToolRunner } from '../../test/cluster/toolRunner.ts';
import type { Say } from '../../test/setup/progress.ts';
import { eventually } from '../../test/support/eventually.ts';
import {
  installOperator,
  isOperatorInstalled,
  releaseName,
  releaseNamespace,
  uninstallOperator,
} from '../../test/support/release.ts';
import type { KubeObject } from '../../operator/kube/api.ts';
import { rtcclusters } from '../../operator/kube/resources.ts';
import { parseServiceUrl, startPageServer, type PageServer } from '../page/server.ts';
import type { Place } from '../page/server/pageMessages.ts';
import { ensureSpeech } from '../speech/speech.ts';
import type { Door } from './calls.ts';
import type { Ending } from './ending.ts';
import { applyFleet, fleetName, isFleetThere, removeFleet, type Fleet, type Member } from './fleet.ts';
import { fullName } from './kinds.ts';
import { rssMiB } from './memory.ts';
import { openStage, type Stage, storyNamespace } from './stage.ts';
import { applyTurnServer, isTurnServerThere, removeTurnServer, untilTurnServes } from './turn.ts';

/** What the later chapters play with. */
export interface Setting {
  readonly stage: Stage;
  readonly fleet: Fleet;
  readonly server: PageServer;
  readonly door: Door;
}

/** Everything is there when this resolves, and will be taken away by the ending. */
export async function setTheStage(say: Say, ending: Ending): Promise<Setting> {
  const stage = await openStage(say);
  ending.atEnd(() => stage.close());
  const fleet = await installFleet(stage, say, ending);
  const speechDir = await ensureSpeech({ say });
  const server = await openPage({ stage, fleet, speechDir });
  ending.atEnd(() => server.close());
  say(`pods, calls and drains, live: ${server.url}/hosts`);
  return { stage, fleet, server, door: { pageUrl: server.url, speechDir } };
}

async function installFleet(stage: Stage, say: Say, ending: Ending): Promise<Fleet> {
  const { tools, images, isShared } = stage;
  if (isShared) {
    await mustBeFree(tools);
    const remove = (what: string, doIt: (from: ToolRunner) => Promise<unknown>): void =>
      ending.atEnd(() => {
        say(`removing ${what}`);
        return doIt(tools);
      });
    remove('the operator', uninstallOperator);
    remove('the TurnServer: it goes when its last allocation has ended', removeTurnServer);
    remove('the RTCCluster: it goes when its last call has ended', removeFleet);
  }
  say('helm install rtc-operator');
  await installOperator(tools, images);
  say('kubectl apply -f crds/samples/rtccluster.yaml');
  const fleet = await applyFleet(tools, say);
  say(await applyTurnServer(tools, stage.coturn));
  await fleet.untilPublished(2);
  say(await untilTurnServes(tools));
  return fleet;
}

/** What is taken away at the end must not be somebody's own. */
async function mustBeFree(tools: ToolRunner): Promise<void> {
  const taken = (await isOperatorInstalled(tools))
    ? `the operator is installed in ${releaseNamespace} already`
    : (await isFleetThere(tools))
      ? `the namespace ${storyNamespace} has an RTCCluster named ${fleetName} already`
      : (await isTurnServerThere(tools))
        ? `the namespace ${storyNamespace} has a TurnServer named edge already`
        : await definitionsOfOthers(tools);
  if (taken !== undefined)
    throw new Error(
      `${taken}: the demo would take it away at its end. Use a cluster without it, or remove it first`,
    );
}

/** An uninstalled release leaves them behind, and helm gives them to no other. */
async function definitionsOfOthers(tools: ToolRunner): Promise<string | undefined> {
  const crd = fullName(rtcclusters);
  const found = await tools.kubectl('get', 'crd', crd, '--ignore-not-found', '-o', 'json');
  if (found.trim() === '') return undefined;
  const { metadata } = JSON.parse(found) as Pick<KubeObject, 'metadata'>;
  const owner = ['namespace', 'name'].map((part) => metadata.annotations?.[`meta.helm.sh/release-${part}`]);
  const [namespace, name] = owner;
  return namespace === releaseNamespace && name === releaseName
    ? undefined
    : `the CustomResourceDefinition ${crd} is there and belongs to ${name === undefined ? 'no release of helm' : `the release ${name} in ${namespace ?? '?'}`}`;
}

async function openPage(parts: { stage: Stage; fleet: Fleet; speechDir: string }): Promise<PageServer> {
  const { stage, fleet, speechDir } = parts;
  const { url, clientID, authKey, turn } = await fleet.wiring();
  const { hostname, apiPort } = parseServiceUrl(url);
  return startPageServer({
    discover: stage.discover(hostname),
    identity: { clientID, authKey, apiPort },
    speechDir,
    turn: () => turn,
    cluster: {
      ...{ namespace: storyNamespace, name: fleetName },
      ...(stage.isShared ? {} : { kubeconfig: stage.kubeconfig }),
    },
  });
}

/** `calls-sfu-0 on n2 (lowest cpu_load)`. */
export function placeOf({ pod, node, reason }: Place): string {
  return `${pod ?? 'an unknown pod'} on ${node ?? 'an unknown node'} (${reason})`;
}

/** Resident memory of each SFU pod's whole process tree, by pod. */
export async function memoryOfPods({ stage, fleet }: Setting): Promise<ReadonlyMap<string, number>> {
  const memory = new Map<string, number>();
  for (const { name } of await fleet.members())
    memory.set(name, await rssMiB(stage.tools, { namespace: storyNamespace, pod: name }));
  return memory;
}

/** The plugin asks DNS every ten seconds, and gives no new calls to a host that has left the answer. */
export async function untilFlagged(server: PageServer, { address }: Member): Promise<void> {
  await eventually(
    () => {
      const host = server.hosts().find((one) => one.address === address);
      return host?.isFlagged === false ? 'the plugin still sends new calls to it' : undefined;
    },
    { timeoutMs: 60_000 },
  );
}
