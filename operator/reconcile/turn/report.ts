/** What one reconcile found out about a TurnServer, for its metrics. PURE. */
import type { TurnServer, TurnServerStatus } from '../../api/turnserver.ts';
import type { TurnReport } from '../../ops/turn/metrics.ts';
import type { TurnDecision } from './decide.ts';

interface Found {
  /** As far as it was written. */
  readonly decision: Pick<TurnDecision, 'pods' | 'rotation'>;
  readonly status: TurnServerStatus;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** See the file comment. */
export function turnReport(server: TurnServer, { decision, status, nowMs }: Found): TurnReport {
  const notAfter = status.certificate?.notAfter;
  return {
    metadata: server.metadata,
    members: decision.pods.members,
    wanted: decision.pods.wanted,
    rotation: decision.rotation,
    conditions: status.conditions,
    allocationsLimit: allocationsLimit(server),
    ...(notAfter !== undefined && { certificateEndsMs: Date.parse(notAfter) }),
    nowMs,
  };
}

/** Each allocation takes a relay port, and 0 stands for all of them. */
function allocationsLimit({ spec: { limits, network } }: TurnServer): number {
  const { min, max } = network.relayPorts;
  return limits.allocationsTotal === 0 ? max - min + 1 : limits.allocationsTotal;
}
