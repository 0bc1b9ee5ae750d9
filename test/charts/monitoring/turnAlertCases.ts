/** The same for TURN servers. */
import type { AlertCase } from './alertCase.ts';

const turn = { namespace: 'mm', turnserver: 'edge' };
const t = 'namespace="mm", turnserver="edge"';
const turnPublished = `rtc_turn_pods{${t}, state="Published"}`;
const turnWanted = `rtc_turn_desired_pods{${t}}`;
const day = 86_400;

/** By the name of the alert. */
export const turnAlertCases: Readonly<Record<string, AlertCase>> = {
  RTCTurnNonePublished: {
    fires: {
      ...{ series: { [turnPublished]: '1x2 0x20', [turnWanted]: '2x20' }, at: '9m', labels: turn },
      summary: 'TurnServer mm/edge has no pod that clients are sent to',
    },
    firesToo: {
      'for one that never came up': {
        ...{ series: { [turnPublished]: '0x60', [turnWanted]: '2x60' }, at: '36m', labels: turn },
        summary: 'TurnServer mm/edge has no pod that clients are sent to',
      },
      'although the operator told nothing for some minutes half an hour ago': {
        series: { [turnPublished]: '0x60 _x5 0x60', [turnWanted]: '2x60 _x5 2x60' },
        ...{ at: '94m', labels: turn },
        summary: 'TurnServer mm/edge has no pod that clients are sent to',
      },
    },
    isSilent: {
      'while a new one waits for its first node and image': {
        series: { [turnPublished]: '0x14 1x20', [turnWanted]: '2x40' },
        at: '14m',
      },
      'where nobody wants pods, or while it is being deleted': {
        series: { [turnPublished]: '0x20', [turnWanted]: '0x20' },
        at: '15m',
      },
      'where one is published': { series: { [turnPublished]: '1x20', [turnWanted]: '2x20' }, at: '15m' },
    },
  },
  RTCTurnAlmostFull: {
    fires: {
      series: {
        [`rtc_turn_allocations{${t}, pod="edge-turn-0"}`]: '3600x20',
        [`rtc_turn_allocations{${t}, pod="edge-turn-1"}`]: '10x20',
        [`rtc_turn_allocations_limit{${t}}`]: '4000x20',
      },
      ...{ at: '6m', labels: { ...turn, pod: 'edge-turn-0' } },
      summary: 'TURN pod mm/edge-turn-0 is 90% full',
    },
    isSilent: {
      'at three quarters': {
        series: {
          [`rtc_turn_allocations{${t}, pod="edge-turn-0"}`]: '3000x20',
          [`rtc_turn_allocations_limit{${t}}`]: '4000x20',
        },
        at: '15m',
      },
    },
  },
  RTCTurnRotationStuck: {
    fires: {
      series: { [`turn_secret_rotation_stage{${t}, stage="Switching"}`]: '1x100' },
      ...{ at: '61m', labels: { ...turn, stage: 'Switching' } },
      summary: 'The rotation of the TURN secret of mm/edge does not get beyond Switching',
    },
    firesToo: {
      'when the next step cannot be written': {
        series: {
          [`turn_secret_rotation_stage{${t}, stage="Stable"}`]: '1x100',
          [`turn_secret_rotation_unwritten{${t}, stage="Stable"}`]: '1x100',
        },
        ...{ at: '61m', labels: { ...turn, stage: 'Stable' } },
        summary: 'The rotation of the TURN secret of mm/edge does not get beyond Stable',
      },
    },
    isSilent: {
      'when a step was written in the end': {
        series: {
          [`turn_secret_rotation_stage{${t}, stage="Stable"}`]: '1x100',
          [`turn_secret_rotation_unwritten{${t}, stage="Stable"}`]: '1x30 _x70',
        },
        at: '90m',
      },
      'in a rotation that goes on': {
        series: {
          [`turn_secret_rotation_stage{${t}, stage="Distributing"}`]: '1x10 0x90',
          [`turn_secret_rotation_stage{${t}, stage="Switching"}`]: '0x10 1x10 0x80',
          [`turn_secret_rotation_stage{${t}, stage="Overlapping"}`]: '0x20 1x80',
        },
        at: '90m',
      },
    },
  },
  RTCTurnOldSecretKept: {
    fires: {
      series: { [`turn_secret_rotation_stage{${t}, stage="Overlapping"}`]: '1x100' },
      stepMinutes: 30,
      ...{ at: '36h', labels: turn },
      summary: 'The old TURN secret of mm/edge has been taken for a day and a half beside the new one',
    },
    isSilent: {
      'as long as old credentials live': {
        series: { [`turn_secret_rotation_stage{${t}, stage="Overlapping"}`]: '1x10 0x90' },
        stepMinutes: 30,
        at: '36h',
      },
    },
  },
  RTCTurnCertificateExpiring: {
    fires: {
      series: { [`rtc_turn_certificate_end_seconds{${t}}`]: `${10 * day}x200` },
      ...{ at: '2h', labels: turn },
      summary: 'The certificate of TurnServer mm/edge ends in 9d 22h 0m 0s',
    },
    isSilent: {
      'a month before': {
        series: { [`rtc_turn_certificate_end_seconds{${t}}`]: `${30 * day}x200` },
        at: '2h',
      },
    },
  },
  RTCTurnExporterMissing: {
    fires: {
      ...{ series: { [turnPublished]: '2x100' }, at: '61m', labels: turn },
      summary: 'Nobody can count the allocations of TurnServer mm/edge',
    },
    isSilent: {
      'where a pod tells them': {
        series: { [turnPublished]: '2x100', [`rtc_turn_allocations{${t}, pod="edge-turn-0"}`]: '0x100' },
        at: '90m',
      },
    },
  },
};
