/** `doctor`: gathers what can be had, notes why the rest cannot, and lets the checks say what is wrong. */
import { resolve4 } from 'node:dns/promises';
import { rtcClusterSchema } from '../../api/rtccluster.ts';
import { labels, names } from '../../desired/names.ts';
import type { SecretData } from '../../desired/credentials.ts';
import { tryAllocation } from '../../facts/turn/tryAllocation.ts';
import type { KubeObject, Resource } from '../../kube/api.ts';
import * as resources from '../../kube/resources.ts';
import { exitCodes, type Answer, type Io } from '../io.ts';
import { recordOf } from '../leader.ts';
import { clusterIn, maybeOne, type Session } from '../session.ts';
import { styleFor } from '../text.ts';
import type { Evidence, Known, Overlay, TurnTrial } from '../doctor/finding.ts';
import { askedNames } from '../doctor/names.ts';
import { overlayIn } from '../doctor/turn.ts';
import { turnServersIn } from '../doctor/turnServers.ts';
import { doctorText, doctorView } from '../views/doctor.ts';
import { known, leaseOrWhyNone } from './known.ts';

/** Exit code `findings` when something fails. */
export async function doctor(
  session: Session,
  io: Io,
  { cluster: name }: { readonly cluster: string | undefined },
): Promise<Answer> {
  const cluster = await clusterIn(session, name);
  const view = doctorView(await evidenceOf(session, cluster, io.nowMs()));
  const text = doctorText(view, styleFor(io.isTerminal, io.env));
  return { view, text, exitCode: view.counts.fail > 0 ? exitCodes.findings : exitCodes.ok };
}

/** All that the checks look at; what cannot be had says why. */
export async function evidenceOf(session: Session, cluster: KubeObject, nowMs: number): Promise<Evidence> {
  const spec = rtcClusterSchema.safeParse(cluster).data;
  const domain = 'cluster.local';
  const record = await known(() => recordOf(session, cluster));
  const clusterDomain = 'value' in record ? record.value.settings.clusterDomain : domain;
  const secrets = await known(() => secretsOf(session, cluster));
  const asked = spec === undefined ? [] : askedNames(spec, clusterDomain);
  const turnName = spec?.spec.turn.turnServerName;
  const [lease, definitions, endpoints, overlay, answers, trials] = await Promise.all([
    known(() => leaseOrWhyNone(session)),
    known(() => definitionsOf(session)),
    known(() => endpointsOf(session, spec === undefined ? '' : names.service(spec))),
    known(() => overlayOf(session)),
    answersOf(asked, clusterDomain),
    known(() => trialsWith(secrets, spec === undefined ? '' : names.bindingSecret(spec))),
  ]);
  return {
    ...{ cluster, record, lease, definitions, endpoints, secrets, overlay, answers, nowMs },
    ...(turnName !== undefined && {
      trials,
      turnServer: await known(() => maybeOne(session, resources.turnservers, turnName)),
    }),
  };
}

const definitionResource: Resource = {
  ...{ group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' },
  ...{ kind: 'CustomResourceDefinition', namespaced: false },
};

async function definitionsOf({ all }: Session): Promise<Readonly<Record<string, KubeObject>>> {
  const found = await all(definitionResource, {});
  return Object.fromEntries(found.map((one) => [one.metadata.name, one]));
}

const sliceResource: Resource = {
  ...{ group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices', kind: 'EndpointSlice' },
  namespaced: true,
};

interface Slice {
  readonly endpoints?:
    | readonly { readonly addresses: readonly string[]; readonly conditions?: { readonly ready?: boolean } }[]
    | null;
}

async function endpointsOf({ all, namespace }: Session, service: string): Promise<readonly string[]> {
  const slices = await all(sliceResource, {
    namespace,
    labelSelector: `kubernetes.io/service-name=${service}`,
  });
  return slices.flatMap((slice) =>
    ((slice as Slice).endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses }) => addresses),
  );
}

async function secretsOf({ all, namespace }: Session, { metadata }: KubeObject): Promise<SecretData> {
  const found = await all(resources.secrets, {
    namespace,
    labelSelector: `${labels.cluster}=${metadata.name}`,
  });
  return Object.fromEntries(
    found.map((secret) => [secret.metadata.name, (secret['data'] ?? {}) as Record<string, string>]),
  );
}

const overlayMaps = [
  { namespace: 'kube-flannel', name: 'kube-flannel-cfg' },
  { namespace: 'kube-system', name: 'kube-flannel-cfg' },
  { namespace: 'kube-system', name: 'cilium-config' },
];

async function overlayOf({ kube }: Session): Promise<Overlay> {
  const found = await Promise.all(overlayMaps.map((key) => known(() => kube.get(resources.configMaps, key))));
  const maps = Object.fromEntries(
    found.flatMap((one) =>
      'value' in one ? [[one.value.metadata.name, (one.value['data'] ?? {}) as Record<string, string>]] : [],
    ),
  );
  const overlay = overlayIn(maps);
  if (overlay !== undefined) return overlay;
  throw new RangeError(
    'neither flannel nor cilium is configured where you may look: see your network plugin',
  );
}

/** A name inside Kubernetes is known only there; whether this machine is, another such name tells. */
async function answersOf(asked: readonly string[], domain: string): Promise<Evidence['answers']> {
  const [inside] = asked;
  const isInside = 'value' in (await known(() => resolve4(`kubernetes.default.svc.${domain}`)));
  const answered = asked.map(async (name): Promise<readonly [string, Known<readonly string[]>]> => {
    if (name === inside && !isInside)
      return [name, { unknown: 'this machine does not ask the DNS of the cluster' }];
    return [name, await known(() => addressesOf(name))];
  });
  return Object.fromEntries(await Promise.all(answered));
}

/** A name without addresses is an answer: nobody. */
async function addressesOf(name: string): Promise<readonly string[]> {
  return resolve4(name).catch((error: unknown) => {
    const { code } = error as { readonly code?: string };
    if (code === 'ENODATA' || code === 'ENOTFOUND') return [];
    throw error;
  });
}

const trialTimeoutMs = 3_000;

/** With what Mattermost is given, from the binding Secret. */
async function trialsWith(secrets: Known<SecretData>, binding: string): Promise<readonly TurnTrial[]> {
  if ('unknown' in secrets) throw new RangeError(secrets.unknown);
  const { servers, secret } = turnServersIn(secrets.value[binding] ?? {});
  if (secret === '') throw new RangeError(`Secret ${binding} has no TURN secret yet`);
  return Promise.all(
    servers.map(async ({ uri, server }): Promise<TurnTrial> => {
      const result = await tryAllocation({ server, secret, user: 'kubectl-rtc', timeoutMs: trialTimeoutMs });
      if (result.ok) return { uri, ok: true, reason: '' };
      return {
        uri,
        ok: false,
        reason: result.reason,
        ...(result.code !== undefined && { code: result.code }),
      };
    }),
  );
}
