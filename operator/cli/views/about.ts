/** PURE: what a view is about, and what its pods carry there. */
import { wordsOf, type Words } from '../../fleet/words.ts';
import type { KubeObject } from '../../kube/api.ts';

/** The object. */
export interface About {
  readonly kind: Words['owner'];
  readonly namespace: string;
  readonly name: string;
}

/** An RTCCluster, or a TurnServer. */
export function aboutOf({ kind, metadata: { namespace = '', name } }: KubeObject): About {
  return { kind: kind === 'TurnServer' ? kind : 'RTCCluster', namespace, name };
}

/** What people read there. */
export function wordsFor({ kind }: Pick<About, 'kind'>): Words {
  return wordsOf({ engine: kind === 'TurnServer' ? 'Coturn' : 'Mediasoup' });
}
