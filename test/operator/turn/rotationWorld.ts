/**
 * Coturns, Mattermosts and an operator around one Secret, for the properties of rotations: everybody may be late, an
 * operator may see the past, be stopped after any of its writes and forget what it knew.
 */
import { decideRotation } from '../../../operator/turn/rotation/decide.ts';
import { lacking, notIssuing } from '../../../operator/turn/rotation/distribution.ts';
import { staleMs } from '../../../operator/turn/rotation/adoption.ts';
import type { Rotation, SecretContents } from '../../../operator/turn/rotation/state.ts';
import { secretHash } from '../../../operator/turn/secretHash.ts';
import { RotationApi } from './rotationApi.ts';
import type { Deed } from './rotationDeeds.ts';

interface Pod {
  mounted: SecretContents | undefined;
  isPublished: boolean;
  verified: Set<string>;
}

interface Consumer {
  readonly isSeen: boolean;
  secret: string | undefined;
  startedMs: number;
}

const ttlSeconds = 300;
/** An operator that is further behind has lost its lease long ago. */
const behindMs = 30_000;

/** See the file comment. */
export class RotationWorld {
  nowMs = Date.parse('2026-11-30T12:00:00Z');
  stage: Rotation['stage'] = 'Stable';
  readonly stages = new Set<string>();
  private serial = 0;
  private requests = 0;
  private acknowledged: string | undefined;
  private isAsked = false;
  private readonly api = new RotationApi(this.nowMs);
  /** What the operator has seen; it never goes back while it runs. */
  private seen = 0;
  private readonly pods: Pod[] = [];
  private readonly consumers: Consumer[] = [];
  private readonly credentials: { readonly hash: string; readonly untilMs: number }[] = [];

  constructor({ pods, outside }: { readonly pods: number; readonly outside: boolean }) {
    // Once to make the Secrets, once more to see them.
    for (const behind of [0, 0]) this.reconcile({ stopAfter: 9, behind });
    for (let index = 0; index < pods; index += 1) {
      this.pods.push({ mounted: this.api.latest.contents, isPublished: false, verified: new Set() });
      this.publish(index);
    }
    for (const isSeen of [true, !outside])
      this.consumers.push({ isSeen, secret: this.api.latest.issuers[0], startedMs: this.nowMs });
  }

  /** What is wrong now: who would be refused, with which secret, by which coturn. */
  problem(): string | undefined {
    const inUse = [
      ...this.consumers.map(({ secret }) => ({ who: 'a Mattermost', hash: hashOf(secret) })),
      ...this.credentials
        .filter(({ untilMs }) => untilMs > this.nowMs)
        .map(({ hash }) => ({ who: 'a client', hash })),
    ];
    const published = this.pods.filter(({ isPublished }) => isPublished);
    const refused = inUse.find(({ hash }) => published.some((pod) => !accepted(pod).includes(hash)));
    return refused && `${refused.who} with ${refused.hash} is refused while ${this.stage}`;
  }

  /** How many coturns clients are sent to. */
  get served(): number {
    return this.pods.filter(({ isPublished }) => isPublished).length;
  }

  happen(deed: Deed): void {
    switch (deed.do) {
      case 'wait':
        this.nowMs += deed.seconds * 1000;
        break;
      case 'reconcile':
        this.reconcile(deed);
        break;
      case 'forget':
        for (const pod of this.pods) pod.verified.clear();
        this.seen = 0;
        break;
      case 'restart':
        this.restart(deed);
        break;
      case 'issue':
        this.issue(deed.consumer);
        break;
      case 'request':
        this.requests += 1;
        break;
      case 'acknowledge':
        this.acknowledge();
        break;
      default:
        this.happenTo(deed.pod % this.pods.length, deed.do);
    }
  }

  /** All that should happen does, until the rotation has ended; the number of rounds that took. */
  calm(): number {
    for (let round = 0; round < 100; round += 1) {
      if (this.isSettled()) return round;
      for (const pod of this.pods.keys())
        for (const deed of ['refreshMount', 'tryNext', 'publish'] as const) this.happenTo(pod, deed);
      this.reconcile({ stopAfter: 9, behind: 0 });
      this.nowMs += 60_000;
      if (this.stage === 'Overlapping') this.restartAll();
      this.acknowledge();
    }
    return Infinity;
  }

  private isSettled(): boolean {
    const { contents } = this.api.latest;
    const isAlone = contents?.next === undefined && contents?.previous === undefined;
    const isDone = isAlone && this.handled() === String(this.requests) && this.stage === 'Stable';
    return isDone && this.served === this.pods.length;
  }

  private handled(): string | undefined {
    return this.api.latest.contents?.annotations['rtc.progressnet.gr/turn-rotated-for'];
  }

  private restartAll(): void {
    for (const consumer of this.consumers.keys()) this.restart({ consumer, behind: 0 });
  }

  private reconcile({ stopAfter, behind }: { readonly stopAfter: number; readonly behind: number }): void {
    this.seen = Math.max(this.seen, this.versionBehind(behind, behindMs));
    const { contents, issuers } = this.api.at(this.seen);
    this.serial += 1;
    const rotation = decideRotation({
      nowMs: this.nowMs,
      ttlSeconds,
      intervalSeconds: 0,
      overlap: 'Automatic',
      contents,
      ...(issuers[0] !== undefined && { issued: issuers[0] }),
      fresh: `secret-${this.serial}`,
      requested: String(this.requests),
      ...(this.acknowledged !== undefined && { acknowledged: this.acknowledged }),
      pods: this.pods.map((pod, index) => ({
        name: `pod-${index}`,
        mayServe: true,
        accepts: accepted(pod),
        verified: [...pod.verified],
      })),
      issuers: issuers.map((secret, index) => ({
        name: `issuer-${index}`,
        ...(secret !== undefined && { hash: secretHash(secret) }),
      })),
      consumers: this.consumers
        .filter(({ isSeen }) => isSeen)
        .map(({ startedMs }) => ({ name: 'app', startedMs })),
      unseen: this.consumers.every(({ isSeen }) => isSeen) ? [] : ['elsewhere'],
    });
    this.stage = rotation.stage;
    this.isAsked = rotation.waitingFor.some((who) => who.includes('turn-ack'));
    this.stages.add(rotation.stage);
    this.apply({ rotation, contents, stopAfter });
  }

  /** The Secret on the condition that it is the one that was seen; then what Mattermost reads, by what was seen. */
  private apply({
    rotation,
    contents,
    stopAfter,
  }: {
    readonly rotation: Rotation;
    readonly contents: SecretContents | undefined;
    readonly stopAfter: number;
  }): void {
    if (stopAfter === 0) return;
    if (
      JSON.stringify(rotation.contents) !== JSON.stringify(contents) &&
      this.api.latest.contents === contents
    )
      this.api.write(this.nowMs, { contents: rotation.contents });
    const { issue } = rotation;
    if (issue === undefined) return;
    const names = this.api.latest.issuers.map((held, index) => ({
      name: String(index),
      ...(held && { hash: secretHash(held) }),
    }));
    for (const { name } of notIssuing(issue, names)
      .slice(0, stopAfter - 1)
      .map((text) => ({ name: text.split(',')[0] })))
      this.api.write(this.nowMs, {
        issuers: this.api.latest.issuers.map((held, index) => (String(index) === name ? issue : held)),
      });
  }

  /** The version that somebody sees who is that far behind, `share` of 100 of `atMostMs`. */
  private versionBehind(share: number, atMostMs: number): number {
    return this.api.versionOf(this.nowMs - (share / 100) * atMostMs);
  }

  private restart({ consumer, behind }: { readonly consumer: number; readonly behind: number }): void {
    const one = this.consumers[consumer % this.consumers.length]!;
    const version = this.api.at(this.versionBehind(behind, staleMs - 1));
    one.secret = version.issuers[consumer % version.issuers.length] ?? one.secret;
    one.startedMs = this.nowMs;
  }

  private issue(consumer: number): void {
    const { secret } = this.consumers[consumer % this.consumers.length]!;
    this.credentials.push({ hash: hashOf(secret), untilMs: this.nowMs + ttlSeconds * 1000 });
  }

  /** Somebody who knows those outside, and says so when asked and when it is true. */
  private acknowledge(): void {
    const hash = hashOf(this.api.latest.contents?.secret);
    if (this.isAsked && this.consumers.every(({ secret }) => hashOf(secret) === hash))
      this.acknowledged = hash;
  }

  private happenTo(index: number, deed: 'refreshMount' | 'tryNext' | 'replacePod' | 'publish'): void {
    const pod = this.pods[index]!;
    if (deed === 'refreshMount') pod.mounted = this.api.latest.contents;
    if (deed === 'tryNext') for (const hash of accepted(pod)) pod.verified.add(hash);
    if (deed === 'publish') this.publish(index);
    if (deed === 'replacePod')
      Object.assign(pod, { isPublished: false, verified: new Set(), mounted: this.mountBehind() });
  }

  /** What a node that has not heard of the last write gives to a new pod. */
  private mountBehind(): SecretContents | undefined {
    return this.api.former.contents;
  }

  private publish(index: number): void {
    const pod = this.pods[index]!;
    const { contents } = this.api.at(this.seen);
    if (contents !== undefined) pod.isPublished = lacking(contents, accepted(pod)).length === 0;
  }
}

const hashOf = (secret: string | undefined): string => secretHash(secret ?? '');

function accepted({ mounted }: Pod): string[] {
  if (mounted === undefined) return [];
  return [mounted.secret, mounted.next, mounted.previous].flatMap((one) =>
    one === undefined ? [] : [secretHash(one)],
  );
}
