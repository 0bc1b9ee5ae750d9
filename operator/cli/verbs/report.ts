/** `report`: gathers what somebody who was not there needs to understand what happened. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { KubeObject, Resource, Selection } from '../../kube/api.ts';
import { trimNode } from '../../kube/trim.ts';
import * as resources from '../../kube/resources.ts';
import { writeRecord } from '../../record/record.ts';
import { CliError, type Answer, type Io } from '../io.ts';
import { leaderOf, recordOf, turnRecordOf } from '../leader.ts';
import { sentenceOf, type Session } from '../session.ts';
import { timeText } from '../text.ts';
import { doctorView } from '../views/doctor.ts';
import { reportFiles, type ReportInput } from '../views/report.ts';
import { evidenceOf } from './doctor.ts';

/** What the command line says. */
export interface ReportOptions {
  /** Of the archive, without `.tar.gz`; default: by the time. */
  readonly name: string | undefined;
  readonly masksAddresses: boolean;
}

/** See the file comment. What cannot be had is noted in the report itself. */
export async function report(session: Session, io: Io, options: ReportOptions): Promise<Answer> {
  const time = timeText(io.nowMs());
  const name = options.name ?? `rtc-report-${time.replaceAll(/[-:]/g, '').toLowerCase()}`;
  const files = reportFiles(await gathered(session, io, options));
  const path = await packed(name, files);
  const missing = files['missing.txt']?.trim().split('\n') ?? [];
  const view = { path, files: Object.keys(files), missing };
  const gaps = missing.map((line) => `  not in it: ${line}`);
  return { view, text: [`${path}: ${view.files.length} files, no Secret values`, ...gaps].join('\n') };
}

/** Made in a folder of its own. Throws a CliError when something of that name is there: nothing is ever overwritten. */
async function packed(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const archive = resolve(`${name}.tar.gz`);
  const work = await mkdtemp(join(tmpdir(), 'rtc-report-'));
  try {
    await reserved(archive);
    for (const [path, text] of Object.entries(files)) {
      const file = join(work, basename(name), path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    await promisify(execFile)('tar', ['-czf', archive, '-C', work, basename(name)]);
    return archive;
  } finally {
    await rm(work, { recursive: true });
  }
}

/** For its owner alone. */
async function reserved(archive: string): Promise<void> {
  await writeFile(archive, '', { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(`The report cannot be written: ${why}. Choose another name with --name`);
  });
}

type Gathered = Pick<ReportInput, 'objects' | 'texts'>;

/** Why logs are left out. */
const unscrubbed =
  'logs: the Secrets of the namespace cannot be read, so that their values could not be taken out of the logs';

async function gathered(session: Session, io: Io, { masksAddresses }: ReportOptions): Promise<ReportInput> {
  const gaps: string[] = [];
  const attempt = async <T>(what: string, ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask();
    } catch (error) {
      gaps.push(`${what}: ${sentenceOf(error)}`);
      return undefined;
    }
  };
  const objects = await objectsOf(session, attempt);
  // Also those that people made, and that are not in the report.
  const secrets = await attempt('secrets', () =>
    session.all(resources.secrets, { namespace: session.namespace }),
  );
  if (secrets === undefined) gaps.push(unscrubbed);
  const texts = await textsOf(session, io, {
    attempt,
    clusters: objects['rtcclusters'] ?? [],
    servers: objects['turnservers'] ?? [],
    pods: objects['pods'] ?? [],
    isScrubbed: secrets !== undefined,
  });
  const versions = (await attempt('versions', () => versionsOf(session))) ?? {};
  return {
    objects,
    texts,
    secrets: secrets ?? [],
    versions: { time: timeText(io.nowMs()), ...versions },
    gaps,
    masksAddresses,
  };
}

/** Those of SFU pods stand in the records. */
async function versionsOf(session: Session): Promise<Readonly<Record<string, string>>> {
  const { gitVersion } = JSON.parse(await session.read('/version')) as { readonly gitVersion: string };
  return { kubernetes: gitVersion, node: process.version };
}

type Attempt = <T>(what: string, ask: () => Promise<T>) => Promise<T | undefined>;

/** Everything in the namespace that is ours, its events, and the nodes. */
async function objectsOf({ all, namespace }: Session, attempt: Attempt): Promise<Gathered['objects']> {
  const ours = { namespace, labelSelector: 'app.kubernetes.io/managed-by=rtc-operator' };
  const wanted: readonly (readonly [Resource, Selection])[] = [
    [resources.rtcclusters, { namespace }],
    [resources.turnservers, { namespace }],
    [resources.pods, ours],
    [resources.services, ours],
    [resources.configMaps, ours],
    [resources.secrets, ours],
    [resources.controllerRevisions, ours],
    [resources.podDisruptionBudgets, ours],
    [resources.events, { namespace }],
    [resources.nodes, {}],
  ];
  const found = wanted.map(async ([resource, selection]) => {
    const items = await attempt(resource.plural, () => all(resource, selection));
    const kept = resource.plural === 'nodes' ? items?.map(trimNode) : items;
    return kept === undefined ? [] : [[resource.plural, kept] as const];
  });
  return Object.fromEntries((await Promise.all(found)).flat());
}

interface TextParts {
  readonly attempt: Attempt;
  readonly clusters: readonly KubeObject[];
  readonly servers: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
  /** Whether Secret values can be taken out of logs. */
  readonly isScrubbed: boolean;
}

async function textsOf(
  session: Session,
  io: Io,
  { attempt, clusters, servers, pods, isScrubbed }: TextParts,
): Promise<Gathered['texts']> {
  const told = clusters.map(async (cluster) => {
    const { name } = cluster.metadata;
    const record = await attempt(`records/${name}`, async () =>
      writeRecord(await recordOf(session, cluster)),
    );
    const findings = await attempt(`doctor/${name}`, async () =>
      JSON.stringify(doctorView(await evidenceOf(session, cluster, io.nowMs())), null, 2),
    );
    return [
      ...(record === undefined ? [] : [[`records/${name}.json`, record] as const]),
      ...(findings === undefined ? [] : [[`doctor/${name}.json`, findings] as const]),
    ];
  });
  const ofTurn = servers.map(async (server) => {
    const name = `records/turnserver-${server.metadata.name}`;
    const record = await attempt(name, async () => writeRecord(await turnRecordOf(session, server)));
    return record === undefined ? [] : [[`${name}.json`, record] as const];
  });
  const operator = (await attempt('the operator', () => operatorPods(session))) ?? [];
  const logged = (isScrubbed ? [...operator, ...pods] : []).map(({ metadata }) => metadata);
  const logs = logged.map(async ({ namespace = '', name }) => {
    const text = await attempt(`logs/${name}`, () => session.read(logPath(namespace, name)));
    return text === undefined ? [] : [[`logs/${name}.log`, text] as const];
  });
  return Object.fromEntries((await Promise.all([...told, ...ofTurn, ...logs])).flat());
}

/** All replicas: another one may have led an hour ago. */
async function operatorPods(session: Session): Promise<readonly KubeObject[]> {
  const { pod: leader } = await leaderOf(session);
  const { namespace = '', name } = leader;
  const labelSelector = 'app.kubernetes.io/name=rtc-operator';
  const all = await session.all(resources.pods, { namespace, labelSelector });
  const others = all.filter(({ metadata }) => metadata.name !== name);
  return [await session.kube.get(resources.pods, { namespace, name }), ...others];
}

const lastSeconds = 3_600;
const mostBytes = 10_000_000;

function logPath(namespace: string, pod: string): string {
  return `/api/v1/namespaces/${namespace}/pods/${pod}/log?sinceSeconds=${lastSeconds}&limitBytes=${mostBytes}`;
}
