/** What reconciles of TurnServers found out → Prometheus metrics. Keeps the last report of each. */
import { Gauge, type Registry } from 'prom-client';
import { memberStates } from '../../api/rtcclusterStatus.ts';
import type { TurnServerStatus } from '../../api/turnserver.ts';
import { rotationStages } from '../../api/turnserverStatus.ts';
import type { Member } from '../../fleet/members.ts';
import { sessionsOf } from '../../fleet/members.ts';
import type { Rotation } from '../../turn/rotation/state.ts';
import { timeIn } from '../../turn/rotation/state.ts';
import type { Sample } from '../fleet/report.ts';

/** The last word on one TurnServer. */
export interface TurnReport {
  readonly metadata: { readonly namespace: string; readonly name: string };
  /** Absent, as the rotation: nothing was decided yet. */
  readonly members?: readonly Member[];
  readonly rotation?: Rotation;
  readonly conditions: TurnServerStatus['conditions'];
  /** How many serving pods are wanted. */
  readonly wanted?: number;
  /** Allocations that each pod takes (limits.allocationsTotal, or one for each relay port). */
  readonly allocationsLimit?: number;
  /** When the certificate of TLS and DTLS ends, milliseconds since the epoch; absent without one. */
  readonly certificateEndsMs?: number;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Where reconciles report to. */
export interface TurnMetrics {
  report(report: TurnReport): void;
  /** Nothing can be decided about it now: the rest is as it was reported last. */
  refuse(report: Pick<TurnReport, 'metadata' | 'conditions' | 'nowMs'>): void;
  /** The TurnServer `namespace/name` is gone, and so are its gauges. */
  forget(key: string): void;
}

interface Row {
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (report: TurnReport) => readonly Sample[];
}

const conditionValues = { True: 1, False: 0, Unknown: -1 } as const;

/** Every gauge about TurnServers. */
export const turnGauges = {
  turn_secret_rotation_stage: {
    help: 'Where the rotation of the TURN secret stands: 1 for the stage that it is in.',
    labels: ['stage'],
    read: ({ rotation }) =>
      rotation === undefined
        ? []
        : rotationStages.map((stage) => ({ labels: { stage }, value: Number(rotation.stage === stage) })),
  },
  turn_secret_rotation_unwritten: {
    help: 'The next step of the rotation of the TURN secret cannot be written: 1 for the stage that it stays in.',
    labels: ['stage'],
    // Of one that is being deleted nobody wants another step.
    read: ({ rotation, wanted }) =>
      rotation?.reason.reason === 'StepNotWritten' && wanted !== 0
        ? [{ labels: { stage: rotation.stage }, value: 1 }]
        : [],
  },
  turn_secret_age_seconds: {
    help: 'How long TURN credentials have been made with the secret that is in use.',
    labels: [],
    read: ({ rotation, nowMs }) => {
      const sinceMs = rotation && timeIn(rotation.contents, 'since');
      return sinceMs === undefined ? [] : [{ labels: {}, value: (nowMs - sinceMs) / 1000 }];
    },
  },
  rtc_turn_pods: {
    help: 'TURN pods by state; clients are sent to Published ones only.',
    labels: ['state'],
    read: ({ members }) =>
      members === undefined
        ? []
        : memberStates.map((state) => ({
            labels: { state },
            value: members.filter((member) => member.state === state).length,
          })),
  },
  rtc_turn_desired_pods: {
    help: 'TURN pods that are wanted; 0 while the TurnServer is being deleted.',
    labels: [],
    read: ({ wanted }) => (wanted === undefined ? [] : [{ labels: {}, value: wanted }]),
  },
  rtc_turn_allocations: {
    help: 'Allocations on a TURN pod, as its exporter said last; missing where the image has none.',
    labels: ['pod'],
    read: ({ members = [] }) =>
      members.flatMap(({ pod }) => {
        const value = sessionsOf(pod);
        return value === undefined ? [] : [{ labels: { pod: pod.name }, value }];
      }),
  },
  rtc_turn_allocations_limit: {
    help: 'Allocations that each TURN pod takes at a time: limits.allocationsTotal, or one for each relay port.',
    labels: [],
    read: ({ allocationsLimit }) =>
      allocationsLimit === undefined ? [] : [{ labels: {}, value: allocationsLimit }],
  },
  rtc_turn_certificate_end_seconds: {
    help: 'When the certificate of TLS and DTLS ends, seconds since the epoch; missing without TLS.',
    labels: [],
    read: ({ certificateEndsMs }) =>
      certificateEndsMs === undefined ? [] : [{ labels: {}, value: certificateEndsMs / 1000 }],
  },
  rtc_turn_condition: {
    help: 'Conditions of a TurnServer: 1 True, 0 False, -1 Unknown.',
    labels: ['type'],
    read: ({ conditions = [] }) =>
      conditions.map(({ type, status }) => ({ labels: { type }, value: conditionValues[status] })),
  },
} as const satisfies Readonly<Record<string, Row>>;

/** The same for people, as rows of docs/turn.md. */
export function turnGaugesTable(): string {
  const rows = Object.entries<Row>(turnGauges).map(([name, { help, labels }]) => {
    const named = labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${name}\` | ${named === '' ? '–' : named} | ${help} |`;
  });
  return ['| name | labels | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

/** All of them, in this registry. */
export function createTurnMetrics(registry: Registry): TurnMetrics {
  const reports = new Map<string, TurnReport>();
  for (const [name, { help, labels, read }] of Object.entries<Row>(turnGauges))
    new Gauge({
      ...{ name, help, labelNames: ['namespace', 'turnserver', ...labels], registers: [registry] },
      collect() {
        this.reset();
        for (const report of reports.values()) {
          const { namespace, name: turnserver } = report.metadata;
          for (const sample of read(report))
            this.set({ namespace, turnserver, ...sample.labels }, sample.value);
        }
      },
    });
  const keyOf = ({ metadata }: Pick<TurnReport, 'metadata'>): string =>
    `${metadata.namespace}/${metadata.name}`;
  return {
    report: (report) => void reports.set(keyOf(report), report),
    refuse: (report) => void reports.set(keyOf(report), { ...reports.get(keyOf(report)), ...report }),
    forget: (key) => void reports.delete(key),
  };
}
