/** Alerts about the operator itself. */
import type { AlertGroup } from './definition.ts';

/** See the file comment. */
export const operatorAlerts: AlertGroup = {
  name: 'rtc-operator',
  alerts: [
    {
      name: 'RTCOperatorWithoutLeader',
      // Each release of the chart has a leader of its own.
      expr: 'sum by (namespace, job) (rtc_operator_leader) < 1 or absent(rtc_operator_leader)',
      for: '5m',
      severity: 'critical',
      summary: 'No RTC operator leads{{ with $labels.namespace }} in {{ . }}{{ end }}',
      description:
        'Calls go on, but nothing is scaled, repaired, published or drained. No replica runs, none is scraped, or none gets the lease.',
    },
    {
      name: 'RTCWatchStale',
      expr: 'max by (namespace, pod, instance, kind) (rtc_operator_watch_last_event_age_seconds) > 600',
      for: '5m',
      severity: 'warning',
      summary:
        'The RTC operator {{ $labels.instance }} has not heard about {{ $labels.kind }} for {{ $value | humanizeDuration }}',
      description:
        'The API server tells something about each kind every minute, if only that nothing is new. What the operator decides now rests on an old picture.',
    },
  ],
};
