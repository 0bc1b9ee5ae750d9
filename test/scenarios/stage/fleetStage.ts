/**
 * A real cluster with the operator from its chart, an RTCCluster, a played plugin that finds the pods by DNS,
 * and calls whose bots are the witnesses. Nothing in it is faked but the plugin.
 */
import { cleanup } from 'node-datachannel';
import {
  parseServiceUrl,
  startPageServer,
  type PageServer,
  type PageServerOptions,
} from '../../../demo/page/server.ts';
import { discoverByDns } from '../../../demo/page/server/discovery.ts';
import { turnWiringOf, type TurnWiring } from '../../../demo/page/server/turn.ts';
import type { HostLink } from '../../../demo/page/server/hostConnection.ts';
import { ensureSpeech } from '../../../demo/speech/speech.ts';
import type { MemberStatus, RtcClusterStatus } from '../../../operator/api/rtccluster.ts';
import { startCluster } from '../../cluster/cluster.ts';
import type { Cluster } from '../../cluster/options.ts';
import { buildImages, type Images } from '../../setup/images.ts';
import { eventually } from '../../support/eventually.ts';
import { keepFigures } from '../../support/keepFigures.ts';
import { installOperator, releaseNamespace } from '../../support/release.ts';
import { startTalk, sumOf, type Heard, type Talk } from './talk.ts';
import { readSecret } from './turnStage.ts';

/** What a story plays with. */
export interface FleetStage {
  readonly cluster: Cluster;
  readonly images: Images;
  readonly plugin: PageServer;
  /** What the played Mattermost knows of TURN servers. */
  turn(): TurnWiring | undefined;
  /** Mattermost reads its environment when it starts, and only then. */
  restartMattermost(): Promise<void>;
  /** Merges into the spec. */
  patch(spec: Readonly<Record<string, unknown>>): Promise<void>;
  status(): Promise<Partial<RtcClusterStatus>>;
  /** Waits until the status is as asked: `wanted` says what is missing. Default patience: three minutes. */
  until(wanted: (status: Partial<RtcClusterStatus>) => string | undefined, timeoutMs?: number): Promise<void>;
  /** Waits until so many pods are in DNS and no other pod is there. */
  untilOnlyPublished(count: number): Promise<void>;
  /** Waits until the plugin has so many hosts that take new calls. */
  untilHosts(count: number): Promise<void>;
  /** A call wherever the plugin puts it. */
  talk(call: string): Promise<Talk>;
  /** Ends the operator's processes at once, as a crash would; another pod of it is made. */
  killOperator(): Promise<void>;
  /** Fails when one of the calls has lost a member or its sound; resolves with what was heard since they began. */
  nobodyWasDropped(talks: readonly Talk[]): Promise<Heard>;
  /** What all calls of the story have witnessed becomes `docs/evidence/story-<story>.json`, where that is asked for. */
  keepFigures(story: string): Promise<void>;
  stop(): Promise<void>;
}

const name = 'calls';

/** `spec` is that of the RTCCluster; resolves when `published` pods are in DNS and the plugin knows them. */
export async function openFleetStage(options: {
  readonly nodes: number;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly published: number;
  /** What is there before the RTCCluster. */
  readonly before?: (cluster: Cluster) => Promise<void>;
  /** Default: this version, by helm 4. */
  readonly install?: (cluster: Cluster, images: Images) => Promise<unknown>;
  /** More images for the nodes. */
  readonly archives?: readonly string[];
  /** How the played plugin speaks to hosts. Default: by a client of its own. */
  readonly link?: HostLink;
}): Promise<FleetStage> {
  const images = await buildImages({ say: () => undefined });
  const cluster = await startCluster({
    nodes: options.nodes,
    failover: 'quick',
    images: [images.operator.tar, images.sfu.tar, ...(options.archives ?? [])],
  });
  try {
    return await furnish(cluster, images, options);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function furnish(
  cluster: Cluster,
  images: Images,
  {
    spec,
    published,
    link,
    before,
    install = installThis,
  }: Omit<Parameters<typeof openFleetStage>[0], 'nodes'>,
): Promise<FleetStage> {
  await install(cluster, images);
  await before?.(cluster);
  const object = { apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'RTCCluster', metadata: { name }, spec };
  await cluster.kubectlWithInput(JSON.stringify(object), 'apply', '-f', '-');
  const state = watchedState(cluster);
  await state.untilOnlyPublished(published);
  if (spec['turn'] !== undefined) await state.until(turnReady);
  const speechDir = await ensureSpeech({ say: () => undefined });
  let turn = turnWiringOf(await environmentOf(cluster));
  const plugin = await openPlugin(cluster, state, { speechDir, turn: () => turn, ...(link && { link }) });
  const door = { pageUrl: plugin.url, speechDir };
  const begun: Talk[] = [];
  let operatorKills = 0;
  const stage: FleetStage = {
    ...{ cluster, images, plugin, ...state },
    turn: () => turn,
    restartMattermost: async () => {
      turn = turnWiringOf(await environmentOf(cluster));
    },
    patch: async (change) => {
      const body = JSON.stringify({ spec: change });
      await cluster.kubectl('patch', 'rtccluster', name, '--type=merge', '-p', body);
    },
    untilHosts: (count) =>
      eventually(() => {
        const usable = plugin.hosts().filter(({ isFlagged, isConnected }) => !isFlagged && isConnected);
        return usable.length === count ? undefined : `the plugin has ${usable.length} hosts for new calls`;
      }, patience()),
    talk: async (call) => {
      const talk = await startTalk(door, call);
      begun.push(talk);
      return talk;
    },
    killOperator: async () => {
      operatorKills += 1;
      const pods = ['pod', '-n', releaseNamespace, '-l', 'app.kubernetes.io/name=rtc-operator'];
      await cluster.kubectl('delete', ...pods, '--grace-period=0', '--force');
    },
    nobodyWasDropped,
    keepFigures: (story) => {
      const dropped = begun.filter((talk) => talk.dropped() !== undefined).length;
      const { packets, lost } = sumOf(begun.map((talk) => talk.lastHeard()));
      const figures = { calls: begun.length, dropped, packets, lost, operatorKills };
      return keepFigures(`story-${story}`, figures, `long test/scenarios/${story}.long.ts`);
    },
    stop: async () => {
      await plugin.close();
      await cluster.stop();
      // The bots' library keeps threads, and with them the process.
      cleanup();
    },
  };
  await stage.untilHosts(published);
  return stage;
}

const installThis = (cluster: Cluster, { operator, sfu }: Images): Promise<unknown> =>
  installOperator(cluster, { operator: operator.ref, sfu: sfu.ref });

type State = Pick<FleetStage, 'status' | 'until' | 'untilOnlyPublished'>;

const patience = (timeoutMs = 180_000): { timeoutMs: number; intervalMs: number } => ({
  timeoutMs,
  intervalMs: 300,
});

function watchedState(cluster: Cluster): State {
  const status = async (): Promise<Partial<RtcClusterStatus>> => {
    const text = await cluster.kubectl('get', 'rtccluster', name, '-o', 'json');
    return (JSON.parse(text) as { readonly status?: RtcClusterStatus }).status ?? {};
  };
  const until: State['until'] = (wanted, timeoutMs) =>
    eventually(async () => {
      const now = await status();
      const missing = wanted(now);
      return missing === undefined ? undefined : `${missing}; ${inWords(now)}`;
    }, patience(timeoutMs));
  return {
    status,
    until,
    untilOnlyPublished: (count) =>
      until(({ members = [] }) => {
        const published = members.filter(({ state }) => state === 'Published').length;
        return published === count && members.length === count ? undefined : `wanted: ${count} published`;
      }),
  };
}

function inWords({ members = [], conditions = [] }: Partial<RtcClusterStatus>): string {
  const pods = members.map((member) => `${member.name} is ${member.state}: ${member.message ?? ''}`);
  const wrong = conditions.filter(({ type }) => type === 'Ready').map(({ message }) => message);
  return [...pods, ...wrong].join('; ');
}

function turnReady({ conditions = [] }: Partial<RtcClusterStatus>): string | undefined {
  const found = conditions.find(({ type }) => type === 'TurnReady');
  return found?.status === 'True' ? undefined : `TurnReady: ${found?.message ?? 'not said yet'}`;
}

/** What Mattermost is given: the binding Secret. */
const environmentOf = (cluster: Cluster): Promise<Readonly<Record<string, string>>> =>
  readSecret(cluster, `${name}-mattermost-env`);

async function openPlugin(
  cluster: Cluster,
  state: State,
  more: Pick<PageServerOptions, 'speechDir' | 'link' | 'turn'>,
): Promise<PageServer> {
  const environment = await environmentOf(cluster);
  const value = (key: string): string => environment[key] ?? '';
  const { hostname, apiPort } = parseServiceUrl(value('MM_CALLS_RTCD_SERVICE_URL'));
  const identity = {
    clientID: value('MM_CALLS_RTCD_CLIENT_ID'),
    authKey: value('MM_CALLS_RTCD_AUTH_KEY'),
    apiPort,
  };
  return startPageServer({
    discover: discoverByDns(hostname, cluster.dnsServer),
    identity,
    ...more,
    describeHost: async (address) => {
      const member = (await state.status()).members?.find((one) => one.address === address);
      return member && { pod: member.name, node: member.node ?? '' };
    },
  });
}

async function nobodyWasDropped(talks: readonly Talk[]): Promise<Heard> {
  const dropped = talks.flatMap((talk) => {
    const reason = talk.dropped();
    return reason === undefined ? [] : [`${talk.call} on ${talk.place.pod ?? ''}: ${reason}`];
  });
  if (dropped.length > 0) throw new Error(`dropped calls: ${dropped.join('; ')}`);
  await Promise.all(talks.map((talk) => talk.goesOn()));
  return sumOf(await Promise.all(talks.map((talk) => talk.heard())));
}

/** The member that a call is on. */
export function memberOf(talk: Talk, { members = [] }: Partial<RtcClusterStatus>): MemberStatus | undefined {
  return members.find(({ name: pod }) => pod === talk.place.pod);
}
