/** Metadata of what belongs to a TurnServer. */
import type { TurnServer } from '../../api/turnserver.ts';
import { apiVersion } from '../../api/rtccluster.ts';
import type { DesiredMeta } from '../object.ts';
import { turnLabels } from './names.ts';

/** As `childMeta` for an RTCCluster: owned, so that it goes with its TurnServer. */
export function turnMeta(server: TurnServer, name: string): DesiredMeta {
  const { metadata } = server;
  return {
    name,
    namespace: metadata.namespace,
    labels: turnLabels(server),
    ownerReferences: [
      {
        apiVersion,
        kind: 'TurnServer',
        name: metadata.name,
        uid: metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  };
}
