/** What a check finds, and what it looks at: plain data, so that every check can be tried on a broken set-up. */
import type { SecretData } from '../../desired/credentials.ts';
import type { KubeObject } from '../../kube/api.ts';
import type { ClusterRecord } from '../../record/record.ts';

/** How bad it is; the worst first. */
export const levels = ['fail', 'warn', 'unknown', 'ok'] as const;

/** See `levels`. */
export type Level = (typeof levels)[number];

/** The answer of one check. */
export interface Finding {
  /** `operator/leader`, `condition/Ready`, `media/calls-sfu-1`. */
  readonly id: string;
  readonly level: Level;
  /** What it is, and why. */
  readonly message: string;
  /** What to do; absent when nothing is. */
  readonly fix?: string;
}

/** What could be had, or why it could not. */
export type Known<T> = { readonly value: T } | { readonly unknown: string };

/** An allocation on a TURN server, with a credential as clients have it. */
export interface TurnTrial {
  /** `turn:203.0.113.7:3478?transport=udp`. */
  readonly uri: string;
  readonly ok: boolean;
  readonly reason: string;
  /** Of the refusal; absent when nobody answered. */
  readonly code?: number;
}

/** How pods of one node reach those of another, as far as it is configured where it can be read. */
export interface Overlay {
  /** `flannel vxlan`, `cilium vxlan`, `none`. */
  readonly name: string;
  readonly isEncrypted: boolean;
}

/** See the file comment. No value of a Secret leaves it. */
export interface Evidence {
  readonly cluster: KubeObject;
  readonly record: Known<ClusterRecord>;
  /** Of the operator; a text says that there is none, and where it was looked for. */
  readonly lease: Known<KubeObject | string>;
  /** The CustomResourceDefinitions that are installed, by name. */
  readonly definitions: Known<Readonly<Record<string, KubeObject>>>;
  /** Ready addresses behind the Service that Mattermost asks for. */
  readonly endpoints: Known<readonly string[]>;
  /** What the names answer from here, by name. */
  readonly answers: Readonly<Record<string, Known<readonly string[]>>>;
  /** Data of the binding Secret and of the clients' Secrets. */
  readonly secrets: Known<SecretData>;
  /** The one that the cluster refers to; absent without. Its value is undefined where there is none of that name. */
  readonly turnServer?: Known<KubeObject | undefined>;
  /** From here; absent without TURN. */
  readonly trials?: Known<readonly TurnTrial[]>;
  readonly overlay: Known<Overlay>;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** One check. */
export type Check = (evidence: Evidence) => readonly Finding[];

/** All is as it should be. */
export function ok(id: string, message: string): Finding {
  return { id, level: 'ok', message };
}

/** Nobody could tell from here. */
export function unknown(id: string, message: string, fix?: string): Finding {
  return { id, level: 'unknown', message, ...(fix !== undefined && { fix }) };
}
