/** When each alert about clusters and the operator fires, with what words, and when it has to be silent although it is near. */
import type { AlertCase } from './alertCase.ts';

const cluster = { namespace: 'mm', cluster: 'calls' };
const c = 'namespace="mm", cluster="calls"';
const condition = (type: string): string => `rtc_cluster_condition{${c}, type="${type}"}`;
const published = `rtc_cluster_pods{${c}, state="Published"}`;
const wanted = `rtc_desired_pods{${c}, target="desired"}`;
const minimum = `rtc_min_published_pods{${c}}`;
const day = 86_400;

/** By the name of the alert. */
export const fleetAlertCases: Readonly<Record<string, AlertCase>> = {
  RTCBelowMinimum: {
    fires: {
      series: { [published]: '2x2 1x20', [minimum]: '2x20', [wanted]: '3x20' },
      ...{ at: '9m', labels: cluster },
      summary: 'RTCCluster mm/calls has 1 SFU pods in DNS, fewer than discovery.minPublished',
    },
    firesToo: {
      'for one that never came up': {
        series: { [published]: '0x60', [minimum]: '1x60', [wanted]: '2x60' },
        ...{ at: '36m', labels: cluster },
        summary: 'RTCCluster mm/calls has 0 SFU pods in DNS, fewer than discovery.minPublished',
      },
      'although the operator told nothing for some minutes half an hour ago': {
        series: { [published]: '0x60 _x5 0x60', [minimum]: '1x60 _x5 1x60', [wanted]: '2x60 _x5 2x60' },
        ...{ at: '94m', labels: cluster },
        summary: 'RTCCluster mm/calls has 0 SFU pods in DNS, fewer than discovery.minPublished',
      },
    },
    isSilent: {
      'while a new cluster waits for its first node and image': {
        series: { [published]: '0x10 1x4 2x20', [minimum]: '2x40', [wanted]: '2x40' },
        at: '14m',
      },
      'while a pod is replaced within some minutes': {
        series: { [published]: '2 1x3 2x20', [minimum]: '2x20', [wanted]: '2x20' },
        at: '7m',
      },
      'at the minimum': {
        series: { [published]: '2x20', [minimum]: '2x20', [wanted]: '2x20' },
        at: '10m',
      },
      'while the cluster is being deleted': {
        series: { [published]: '0x60', [minimum]: '1x60', [wanted]: '0x60' },
        at: '50m',
      },
    },
  },
  RTCAtMinimum: {
    fires: {
      series: { [published]: '1x20', [minimum]: '1x20', [wanted]: '3x20' },
      ...{ at: '12m', labels: cluster },
      summary: 'RTCCluster mm/calls has 1 SFU pods in DNS, the least that it may have, and wants more',
    },
    isSilent: {
      'where no more are wanted': {
        series: { [published]: '1x20', [minimum]: '1x20', [wanted]: '1x20' },
        at: '12m',
      },
      'above the minimum': {
        series: { [published]: '2x20', [minimum]: '1x20', [wanted]: '3x20' },
        at: '12m',
      },
    },
  },
  RTCCapacityShort: {
    fires: {
      ...{ series: { [condition('CapacitySufficient')]: '0x20' }, at: '11m', labels: cluster },
      summary: 'RTCCluster mm/calls has too few SFU pods for its calls with their headroom',
    },
    isSilent: {
      'while new pods come in time': { series: { [condition('CapacitySufficient')]: '0x5 1x20' }, at: '12m' },
      'of a cluster that is well': { series: { [condition('CapacitySufficient')]: '1x20' }, at: '15m' },
      'about other conditions': { series: { [condition('NodesTuned')]: '0x20' }, at: '15m' },
    },
  },
  RTCCallsDropped: {
    fires: {
      series: { [`rtc_sessions_dropped_total{${c}, reason="PodLost"}`]: '0x5 12x30' },
      ...{ at: '10m', labels: { ...cluster, reason: 'PodLost' } },
      summary: 'RTCCluster mm/calls lost 12 sessions with their pod: PodLost',
    },
    isSilent: {
      'when they were lost long ago': {
        series: { [`rtc_sessions_dropped_total{${c}, reason="PodLost"}`]: '0x5 12x60' },
        at: '40m',
      },
      'when the operator starts again and counts from 0': {
        series: { [`rtc_sessions_dropped_total{${c}, reason="PodLost"}`]: '12x5 0x60' },
        at: '10m',
      },
    },
  },
  RTCSessionsUnobservable: {
    fires: {
      ...{ series: { [condition('SessionsObservable')]: '-1x20' }, at: '6m', labels: cluster },
      summary: 'RTCCluster mm/calls has SFU pods whose sessions nobody knows',
    },
    isSilent: {
      'while a pod starts': { series: { [condition('SessionsObservable')]: '0x3 1x20' }, at: '6m' },
    },
  },
  RTCDrainOverDeadline: {
    fires: {
      series: { [`rtc_drain_deadline_seconds{${c}, pod="calls-sfu-1", reason="NodeDrain"}`]: '60x40' },
      ...{ at: '20m', labels: { ...cluster, pod: 'calls-sfu-1', reason: 'NodeDrain' } },
      summary: 'Pod mm/calls-sfu-1 should have gone 19m 0s ago: NodeDrain',
    },
    isSilent: {
      'before the deadline': {
        series: { [`rtc_drain_deadline_seconds{${c}, pod="calls-sfu-1", reason="NodeDrain"}`]: '3600x40' },
        at: '20m',
      },
    },
  },
  RTCAddressUnreachable: {
    fires: {
      series: { [condition('AddressesReachable')]: '0x20' },
      ...{ at: '16m', labels: { ...cluster, type: 'AddressesReachable' } },
      summary:
        'RTCCluster mm/calls has SFU pods whose address clients cannot use (AddressesReachable is False)',
    },
    isSilent: {
      'where it is not verified': { series: { [condition('AddressesReachable')]: '-1x20' }, at: '30m' },
    },
  },
  RTCCertificateExpiring: {
    fires: {
      series: { [`rtc_api_certificate_end_seconds{${c}}`]: `${10 * day}x200` },
      ...{ at: '2h', labels: cluster },
      summary: 'The certificate of the API of RTCCluster mm/calls ends in 9d 22h 0m 0s',
    },
    isSilent: {
      'a month before': {
        series: { [`rtc_api_certificate_end_seconds{${c}}`]: `${30 * day}x200` },
        at: '2h',
      },
    },
  },
  RTCPausedTooLong: {
    fires: {
      ...{
        series: { [condition('ReconciliationPaused')]: '1x60' },
        stepMinutes: 30,
        at: '24h',
        labels: cluster,
      },
      summary: 'RTCCluster mm/calls has been paused for a day',
    },
    isSilent: {
      'during a maintenance of some hours': {
        series: { [condition('ReconciliationPaused')]: '1x10 0x50' },
        stepMinutes: 30,
        at: '24h',
      },
    },
  },
  RTCOperatorWithoutLeader: {
    fires: {
      ...{
        series: {
          'rtc_operator_leader{namespace="rtc", job="o", instance="a"}': '0x20',
          'rtc_operator_leader{namespace="rtc", job="o", instance="b"}': '0x20',
          'rtc_operator_leader{namespace="other", job="o", instance="c"}': '1x20',
        },
      },
      ...{ at: '6m', labels: { namespace: 'rtc', job: 'o' }, summary: 'No RTC operator leads in rtc' },
    },
    isSilent: {
      'while another replica takes over': {
        series: {
          'rtc_operator_leader{instance="a"}': '1x3 0x20',
          'rtc_operator_leader{instance="b"}': '0x5 1x20',
        },
        at: '8m',
      },
    },
  },
  RTCWatchStale: {
    fires: {
      series: { 'rtc_operator_watch_last_event_age_seconds{instance="a", kind="Pod"}': '0+60x40' },
      ...{ at: '20m', labels: { instance: 'a', kind: 'Pod' } },
      summary: 'The RTC operator a has not heard about Pod for 20m 0s',
    },
    isSilent: {
      'while bookmarks come': {
        series: { 'rtc_operator_watch_last_event_age_seconds{instance="a", kind="Pod"}': '55x40' },
        at: '20m',
      },
    },
  },
};
