/** One machine of a light node, the taints that a Node may carry, and the API server as its programs see it. */
import type { KubeObject, Resource } from '../../../operator/kube/api.ts';
import type { Change, SimApiServer } from './apiServer.ts';

/** How media comes to an SFU: within its own node, or over the addresses that clients are told. */
export type Way = 'media' | 'reach';

/** See the file comment. */
export interface Machine {
  readonly name: string;
  address: string;
  isPowered: boolean;
  /** Its kubelet reaches the API server. */
  isConnected: boolean;
  readonly images: Set<string>;
  /** What does not get through to its SFU: media at all, or media from other nodes. */
  readonly closed: Set<Way>;
}

/** core/v1 Taint. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** What kubelets and the scheduler ask of an API server; they wait for no answer. */
export interface MachineServer extends Pick<SimApiServer, 'nowMs' | 'list' | 'find' | 'bind' | 'delete'> {
  subscribe(listener: (change: Pick<Change, 'resource' | 'type' | 'object'>) => void): void;
  create(resource: Resource, object: KubeObject): void;
  mergePatch(...of: Parameters<SimApiServer['mergePatch']>): void;
}

/** Name of a node by its number. */
export function nodeName(node: number): string {
  return `n${node}`;
}

/** Its kubelet lives, and is heard. */
export function canReport({ isPowered, isConnected }: Machine): boolean {
  return isPowered && isConnected;
}
