/** What the rotation of a secret is decided from, and where it stands: as the Secret itself remembers it. */
import type { RotationStage } from '../../api/turnserverStatus.ts';
import { turnSecretAnnotations as keys } from '../../desired/turn/names.ts';
import type { Reason } from '../../fleet/pod.ts';
import type { Consumer } from './adoption.ts';

/** The Secret `auth.secretName`, decoded. */
export interface SecretContents {
  /** What credentials are made with. */
  readonly secret: string;
  /** What they will be made with, once every coturn takes it. */
  readonly next?: string;
  /** What they were made with; still taken. */
  readonly previous?: string;
  /** Those of `turnSecretAnnotations`; others are not ours. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** A TURN pod, as far as secrets go. */
export interface RotationPod {
  readonly name: string;
  /** False: it drains or has ended, and will take no new allocation whatever its secrets are. */
  readonly mayServe: boolean;
  /** Hashes of what its agent put into the database; absent: it does not say. */
  readonly accepts?: readonly string[];
  /** Hashes of secrets that made a real allocation there. */
  readonly verified: readonly string[];
  /** Why the last try of one failed, or why the agent is silent. */
  readonly problem?: string;
}

/** A Secret from which a Mattermost gets what it makes credentials with. */
export interface Issuer {
  /** For people: `Secret calls-mattermost-env`. */
  readonly name: string;
  /** Hash of what it holds; absent: nothing, or nobody can see. */
  readonly hash?: string;
  /** We may not look at it, and it may hold anything. */
  readonly isHidden?: true;
}

/** See the file comment. */
export interface RotationInput {
  readonly nowMs: number;
  readonly ttlSeconds: number;
  /** 0: never by itself. */
  readonly intervalSeconds: number;
  readonly overlap: 'Automatic' | 'Acknowledged';
  /** Undefined: there is no such Secret. */
  readonly contents: SecretContents | undefined;
  /** What the Secret for Mattermost still holds of one that is gone. */
  readonly issued?: string;
  /** A random one, in case one is needed. */
  readonly fresh: string;
  /** What people wrote on the TurnServer: turn-rotate and turn-ack. */
  readonly requested?: string;
  readonly acknowledged?: string;
  readonly pods: readonly RotationPod[];
  readonly issuers: readonly Issuer[];
  readonly consumers: readonly Consumer[];
  /** Where consumers may be that cannot be seen: `namespace chat`. */
  readonly unseen: readonly string[];
  /** Where nobody has looked yet since this operator began. Default: nowhere. */
  readonly pending?: readonly string[];
}

/** What the Secret is to be, and what that means. */
export interface Rotation {
  readonly stage: RotationStage;
  readonly contents: SecretContents;
  /** What Mattermost is to be given: what was seen in the Secret, not what is to be there. Absent: wait until one is. */
  readonly issue?: string;
  readonly reason: Reason;
  /** Who is missing before it can go on, each with what to do. */
  readonly waitingFor: readonly string[];
  /** The previous secret is retired no earlier. */
  readonly retireAfterMs?: number;
  /** When to look again if nothing happens meanwhile. */
  readonly againMs?: number;
}

/** A time that was written down; undefined where there is none, or none that can be read. */
export function timeIn({ annotations }: SecretContents, key: keyof typeof keys): number | undefined {
  const ms = Date.parse(annotations[keys[key]] ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

/** The contents with some annotations set, or taken away by undefined. */
export function noted(
  contents: SecretContents,
  notes: Partial<Record<keyof typeof keys, string | undefined>>,
): SecretContents {
  const named = Object.entries(notes).map(
    ([name, value]) => [keys[name as keyof typeof keys], value] as const,
  );
  const all = [...Object.entries(contents.annotations), ...named];
  const annotations = Object.fromEntries(
    [...new Map<string, string | undefined>(all)].flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value]],
    ),
  );
  return { ...contents, annotations };
}

/** RFC 3339, as annotations have it. */
export const timeText = (ms: number): string => new Date(ms).toISOString();
