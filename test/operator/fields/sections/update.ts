/** `spec.update`: pods of an older revision are there, and a record of it. */
import { annotations, labels } from '../../../../operator/desired/names.ts';
import { revisionObject } from '../../../../operator/desired/revisionRecord.ts';
import type { RtcCluster } from '../../../../operator/api/rtccluster.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import { before } from '../../../support/pods.ts';
import type { Section, SpecPart } from '../entry.ts';
import { nodesOf, running, type PodChange, type Situation } from '../situation.ts';

/** The last revision that every pod was of. */
function goodRevision(cluster: RtcCluster): KubeObject {
  const { metadata, ...record } = revisionObject(
    cluster,
    { image: 'registry.example.com/sfu:0', fields: {} },
    1,
  );
  return {
    ...record,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [labels.revision]: 'old' },
      annotations: { [annotations.proven]: new Date(before(1e9)).toISOString() },
    },
  };
}

const outdated: PodChange = { labels: { [labels.revision]: 'old' } };
/** With a node to spare. */
const updating = (...pods: readonly PodChange[]): Situation => ({
  ...running(...pods),
  nodes: nodesOf(pods.length + 1),
  others: (cluster) => [goodRevision(cluster)],
});
const two = updating(outdated, outdated);
/** A new pod that has not got into DNS for two hours. */
const failing = updating(outdated, { isPublished: false, isReady: false });

const noon = { name: 'noon', cron: '30 11 * * *', durationSeconds: 3600 };
const inWindow = (change: SpecPart): { from: SpecPart; set: SpecPart; in: Situation } => ({
  from: { update: { windows: [noon] } },
  set: { update: { windows: [{ ...noon, ...change }] } },
  in: two,
});

/** See the file comment. */
export const update: Section = {
  'update.strategy': { set: { update: { strategy: 'OnDelete' } }, in: two },
  'update.maxUnavailable': {
    from: { replicas: 3, update: { canary: { pods: 0 } } },
    set: { update: { maxUnavailable: 2 } },
    in: updating(outdated, outdated, outdated),
    oneWay: 'a drain that has begun goes on',
  },
  'update.maxSurge': { from: { update: { strategy: 'Surge' } }, set: { update: { maxSurge: 1 } }, in: two },
  'update.paused': { set: { update: { paused: true } }, in: two },
  'update.canary.pods': { set: { update: { canary: { pods: 0 } } }, in: two },
  'update.canary.bakeSeconds': {
    set: { update: { canary: { bakeSeconds: 10_000 } } },
    in: updating(outdated, {}),
  },
  'update.progressDeadlineSeconds': { set: { update: { progressDeadlineSeconds: 10_000 } }, in: failing },
  'update.onFailure': { set: { update: { onFailure: 'Pause' } }, in: failing },
  'update.windows[].name': {
    from: { update: { windows: [{ ...noon, cron: '0 22 * * *' }] } },
    set: { update: { windows: [{ ...noon, cron: '0 22 * * *', name: 'other' }] } },
    in: two,
  },
  'update.windows[].cron': inWindow({ cron: '0 22 * * *' }),
  'update.windows[].timeZone': inWindow({ timeZone: 'Europe/Zurich' }),
  'update.windows[].durationSeconds': inWindow({ durationSeconds: 60 }),
};
