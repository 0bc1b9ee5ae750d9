/** What the doctor looks at: a set-up where nothing is wrong, and whatever is changed in it. */
import { rtcClusterCrd, turnServerCrd } from '../../operator/api/crd.ts';
import type { Evidence, Finding } from '../../operator/cli/doctor/finding.ts';
import { doctorView } from '../../operator/cli/views/doctor.ts';
import type { PodView } from '../../operator/fleet/pod.ts';
import type { ProbeResult } from '../../operator/fleet/probeFacts.ts';
import type { KubeObject } from '../../operator/kube/api.ts';
import { aPod, before, facts, nowMs } from './pods.ts';
import { aRecord } from './records.ts';

/** As a Secret has it. */
export const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** A probe call that got through. */
export const passed: ProbeResult = {
  ...{ outcome: 'Passed', message: '2 of 2 paths', atMs: before(1000), failures: 0 },
  addresses: '10.99.0.11',
};
/** One that did not, three times. */
export const failed: ProbeResult = {
  ...passed,
  outcome: 'Failed',
  message: 'no packet came over UDP',
  failures: 3,
};
/** What a pod with three participants says. */
export const answered = (change: Parameters<typeof facts>[0] = {}): ReturnType<typeof facts> =>
  facts({ sessions: 3, load: 0.1, probe: { media: passed, reach: passed }, ...change });

/** Those of this release. */
export const definitions = Object.fromEntries(
  [rtcClusterCrd(), turnServerCrd()].map((crd) => [crd.metadata.name, crd as unknown as KubeObject]),
);
/** Of an operator. */
export const lease = (spec: object): KubeObject => ({
  ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', spec },
  metadata: { namespace: 'rtc-system', name: 'rtc-operator' },
});
/** Data of the Secret of a client. */
export const keys = { clientID: base64('mattermost'), authKey: base64('very secret key') };
/** The same as Mattermost has it. */
export const binding = { MM_CALLS_RTCD_CLIENT_ID: keys.clientID, MM_CALLS_RTCD_AUTH_KEY: keys.authKey };

/** A set-up where nothing is wrong, with one pod. */
export function evidence({
  pod = {},
  spec = {},
  ...change
}: Partial<Evidence> & { pod?: Partial<PodView>; spec?: object } = {}): Evidence {
  const view = aPod({ name: 'calls-sfu-0', facts: answered(), ...pod });
  const object = {
    ...{ apiVersion: 'v1', kind: 'Pod', status: { podIP: '10.99.0.11' } },
    metadata: { name: 'calls-sfu-0', labels: { 'rtc.progressnet.gr/published': 'true' } },
  };
  const record = aRecord({ spec: { replicas: 1, ...spec }, pods: [view], observed: { pods: [object] } });
  const status = record.observed.object['status'] as { conditions: object[] };
  const conditions = status.conditions.filter((one) => (one as { type: string }).type === 'Available');
  return {
    cluster: { ...record.observed.object, status: { ...status, conditions } },
    record: { value: record },
    lease: {
      value: lease({ holderIdentity: 'rtc-operator-0_a', renewTime: new Date(before(2000)).toISOString() }),
    },
    definitions: { value: definitions },
    endpoints: { value: ['10.99.0.11'] },
    answers: { 'calls-rtcd.mattermost.svc.cluster.local': { value: ['10.99.0.11'] } },
    secrets: { value: { 'calls-mattermost-env': binding, 'calls-client-mattermost': keys } },
    overlay: { value: { name: 'flannel wireguard', isEncrypted: true } },
    nowMs,
    ...change,
  };
}

/** All that is not well. */
export const wrong = (...of: Parameters<typeof evidence>): readonly Finding[] =>
  doctorView(evidence(...of)).findings.filter(({ level, id }) => level !== 'ok' && id !== 'paths');
