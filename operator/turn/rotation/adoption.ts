/** Whether all who make credentials make them with the new secret: Mattermost reads its environment only when it starts. */

/** A pod that gets the secret from a Secret of ours. */
export interface Consumer {
  /** `namespace/name`. */
  readonly name: string;
  /** When the first of its containers that use the Secret was started; absent: none runs yet. */
  readonly startedMs?: number;
}

/** What it is judged from. */
export interface AdoptionInput {
  readonly nowMs: number;
  readonly overlap: 'Automatic' | 'Acknowledged';
  readonly switchedMs: number;
  /** Of the secret that is in force. */
  readonly hash: string;
  /** The hash that a person said everybody has. */
  readonly acknowledged?: string;
  readonly consumers: readonly Consumer[];
  /** Places whose pods cannot be seen. */
  readonly unseen: readonly string[];
}

/** How long a node may go on starting containers with the Secret as it was. */
export const staleMs = 10_000;

/** Who has not adopted, each with what to do; empty: everybody has. */
export function notAdopted(input: AdoptionInput): string[] {
  // Nor is anybody asked to say so before: who restarts in this time may still be given the old one.
  if (input.nowMs < input.switchedMs + staleMs)
    return ['the nodes, which may start a Mattermost with the old secret for some seconds more'];
  if (input.acknowledged === input.hash) return [];
  const ack = `annotate the TurnServer with rtc.progressnet.gr/turn-ack=${input.hash}`;
  if (input.overlap === 'Acknowledged')
    return [`somebody who says that all consumers have the new secret: ${ack}`];
  const late = input.consumers.filter(({ startedMs }) => isBefore(startedMs, input.switchedMs));
  const places = input.unseen.map(
    (place) => `${place}, where pods cannot be seen: restart the Mattermost there, then ${ack}`,
  );
  if (input.consumers.length > 0 || places.length > 0)
    return [...late.map(({ name }) => `pod ${name}, started before the switch: restart it`), ...places];
  return [`a Mattermost that no pod here runs: restart it with the new secret, then ${ack}`];
}

/** One without a running container has yet to read the Secret. */
function isBefore(startedMs: number | undefined, switchedMs: number): boolean {
  return startedMs !== undefined && startedMs < switchedMs + staleMs;
}
