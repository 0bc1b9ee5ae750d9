/** Alerts about TurnServers. */
import type { AlertGroup } from './definition.ts';

const each = (metric: string, ...by: readonly string[]): string =>
  `max by (${['namespace', 'turnserver', ...by].join(', ')}) (${metric})`;
const published = each('rtc_turn_pods{state="Published"}');
const allocations = each('rtc_turn_allocations', 'pod');
/** Once there, or known for half an hour (whatever the operator's own restarts left out of that): a new one may wait for its first nodes and images. */
const hasBegun = `((${each('max_over_time(rtc_turn_pods{state="Published"}[30m])')} > 0) or ${each('max_over_time(rtc_turn_desired_pods[15m] offset 30m)')})`;
const of = '{{ $labels.namespace }}/{{ $labels.turnserver }}';
const describe = '`kubectl describe turnserver -n {{ $labels.namespace }} {{ $labels.turnserver }}`';

/** See the file comment. */
export const turnAlerts: AlertGroup = {
  name: 'rtc-turn',
  alerts: [
    {
      name: 'RTCTurnNonePublished',
      expr: `(${published} == 0) and (${each('rtc_turn_desired_pods')} > 0) and ${hasBegun}`,
      for: '5m',
      severity: 'critical',
      summary: `TurnServer ${of} has no pod that clients are sent to`,
      description: `People in networks that let no media through hear nothing. Each pod is tried with a real allocation before it is published; the status says what came of it: ${describe}.`,
    },
    {
      name: 'RTCTurnAlmostFull',
      expr: `${allocations} / on (namespace, turnserver) group_left () ${each('rtc_turn_allocations_limit')} > 0.8`,
      for: '5m',
      severity: 'warning',
      summary: `TURN pod {{ $labels.namespace }}/{{ $labels.pod }} is {{ $value | humanizePercentage }} full`,
      description:
        'At limits.allocationsTotal it refuses the next client, who tries the other pods and then has no media.',
    },
    {
      name: 'RTCTurnRotationStuck',
      expr: `(${each('turn_secret_rotation_stage{stage=~"Distributing|Switching"}', 'stage')} == 1) or (${each('turn_secret_rotation_unwritten', 'stage')} == 1)`,
      for: '1h',
      severity: 'warning',
      summary: `The rotation of the TURN secret of ${of} does not get beyond {{ $labels.stage }}`,
      description: `Both secrets are taken, so nobody is refused. But the old one, which may be why somebody rotates, stays good. status.secrets.waitingFor names who is missing; where the next step cannot be written at all, SecretsSynced says why (StepNotWritten): ${describe}.`,
    },
    {
      name: 'RTCTurnOldSecretKept',
      expr: `${each('turn_secret_rotation_stage{stage="Overlapping"}')} == 1`,
      for: '36h',
      severity: 'warning',
      summary: `The old TURN secret of ${of} has been taken for a day and a half beside the new one`,
      description: `It is kept until every Mattermost makes credentials with the new one and the last old credential has ended. status.secrets.waitingFor names who is missing: ${describe}.`,
    },
    {
      name: 'RTCTurnCertificateExpiring',
      expr: `${each('rtc_turn_certificate_end_seconds')} - time() < 14 * 86400`,
      for: '1h',
      severity: 'warning',
      summary: `The certificate of TurnServer ${of} ends in {{ $value | humanizeDuration }}`,
      description:
        'After that clients get no TURN over TLS, and those whose networks let nothing else through have no media. coturn takes a renewed one without a restart.',
    },
    {
      name: 'RTCTurnExporterMissing',
      expr: `${published} > 0 unless on (namespace, turnserver) ${each('rtc_turn_allocations')}`,
      for: '1h',
      severity: 'info',
      summary: `Nobody can count the allocations of TurnServer ${of}`,
      description:
        'Its image of coturn is built without Prometheus. It serves, but pods count as busy until they end by themselves, and nobody sees when they are full.',
    },
  ],
};
