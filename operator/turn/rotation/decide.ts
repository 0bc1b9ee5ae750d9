/**
 * The rotation of a TURN secret, one step at a time. All that it must remember lies in the Secret: a `next` is being
 * distributed, a `previous` overlaps. So whoever looks next goes on from there, and no step is taken on a guess.
 * The Secret must be written on the condition that it is still the one that was looked at.
 */
import { turnSecretAnnotations } from '../../desired/turn/names.ts';
import { secretHash } from '../secretHash.ts';
import { notAdopted, staleMs } from './adoption.ts';
import { notIssuing, notSeen, notVerified } from './distribution.ts';
import { noted, type Rotation, type RotationInput, type SecretContents, timeIn, timeText } from './state.ts';

/** Clocks of Mattermost, coturn and operator may be that far apart. */
export const marginMs = 60_000;

/** See the file comment. */
export function decideRotation(input: RotationInput): Rotation {
  const seen = input.contents?.secret ?? '';
  return { ...decide(input), ...(seen !== '' && { issue: seen }) };
}

function decide(input: RotationInput): Rotation {
  if (input.contents === undefined || input.contents.secret === '') return created(input);
  const contents = remembered(input, input.contents);
  if (contents.previous !== undefined) {
    const switchedMs = timeIn(contents, 'switched');
    return switchedMs === undefined
      ? switching(input, contents)
      : overlapping(input, { contents, switchedMs });
  }
  if (contents.next !== undefined) return distributing(input, { ...contents, next: contents.next });
  return stable(input, contents);
}

/** Where the Secret is gone, what Mattermost still makes credentials with goes on; else a random one begins. */
function created(input: RotationInput): Rotation {
  const secret = input.issued ?? input.fresh;
  const annotations = input.contents?.annotations ?? {};
  return stable(input, remembered(input, { secret, annotations }));
}

/** Fills in what the Secret has yet to remember: of one that people made, or of an older operator. */
function remembered(input: RotationInput, contents: SecretContents): SecretContents {
  const before = Number(contents.annotations[keyOfTTL] ?? 0);
  const longestTTL = String(Math.max(input.ttlSeconds, Number.isFinite(before) ? before : 0));
  const isKnown = timeIn(contents, 'since') !== undefined;
  const first = isKnown ? {} : { since: timeText(input.nowMs), rotatedFor: input.requested };
  return noted(contents, { longestTTL, ...first });
}

const keyOfTTL = turnSecretAnnotations.longestTTL;

function stable(input: RotationInput, contents: SecretContents): Rotation {
  const dueMs = dueAt(input, contents);
  const isRequested = input.requested !== undefined && input.requested !== handled(contents);
  if (isRequested || (dueMs !== undefined && dueMs <= input.nowMs)) return begun(input, contents);
  return {
    stage: 'Stable',
    contents,
    reason: {
      reason: 'SecretInUse',
      message: `Credentials are made with secret ${secretHash(contents.secret)}`,
    },
    waitingFor: [],
    ...(dueMs !== undefined && { againMs: dueMs }),
  };
}

const handled = ({ annotations }: SecretContents): string | undefined =>
  annotations[turnSecretAnnotations.rotatedFor];

/** When the secret is old enough; undefined: never. */
function dueAt(input: RotationInput, contents: SecretContents): number | undefined {
  const sinceMs = timeIn(contents, 'since');
  if (input.intervalSeconds === 0 || sinceMs === undefined) return undefined;
  return sinceMs + input.intervalSeconds * 1000;
}

function begun(input: RotationInput, contents: SecretContents): Rotation {
  const next = input.fresh;
  return distributing(input, { ...noted(contents, { rotatedFor: input.requested }), next });
}

/** Nobody makes credentials with the next secret before every coturn was seen to take it. */
function distributing(input: RotationInput, contents: SecretContents & { readonly next: string }): Rotation {
  const { next, ...others } = contents;
  if (next === '' || next === others.secret) return stable(input, others);
  // What is being written now cannot have been read by anybody.
  const isWritten = input.contents?.next === next;
  const waitingFor = isWritten ? notVerified(next, input.pods) : ['the TURN servers, which are given it now'];
  if (waitingFor.length === 0) return switched(input, contents);
  return {
    stage: 'Distributing',
    contents,
    reason: {
      reason: 'SecretDistributing',
      message: `Every TURN server must take the next secret ${secretHash(next)} before credentials are made with it; waiting for ${waitingFor.join('; ')}`,
    },
    waitingFor,
  };
}

/** Issuers get the new one by what is in the Secret, so in this step none of them has it yet. */
function switched(input: RotationInput, contents: SecretContents & { readonly next: string }): Rotation {
  const { next, ...others } = contents;
  const since = timeText(input.nowMs);
  const swapped = noted(
    { ...others, secret: next, previous: others.secret },
    { since, switched: undefined, adopted: undefined },
  );
  return waitForIssuers(
    swapped,
    input.issuers.map(({ name }) => name),
  );
}

function switching(input: RotationInput, contents: SecretContents): Rotation {
  const missing = notIssuing(contents.secret, input.issuers, input.acknowledged);
  if (missing.length > 0) return waitForIssuers(contents, missing);
  const switchedAt = noted(contents, { switched: timeText(input.nowMs), adopted: undefined });
  return overlapping(input, { contents: switchedAt, switchedMs: input.nowMs });
}

function waitForIssuers(contents: SecretContents, waitingFor: readonly string[]): Rotation {
  return {
    stage: 'Switching',
    contents,
    reason: {
      reason: 'SecretSwitching',
      message: `Secrets for Mattermost get the new secret ${secretHash(contents.secret)}; waiting for ${waitingFor.join('; ')}`,
    },
    waitingFor,
  };
}

interface Overlap {
  readonly contents: SecretContents;
  readonly switchedMs: number;
}

function relapsedIn({ issuers }: RotationInput, { previous }: SecretContents): string[] {
  const old = previous === undefined ? undefined : secretHash(previous);
  return issuers.filter(({ hash }) => hash === old && hash !== undefined).map(({ name }) => name);
}

/** Who cannot be judged now, and may have been before: nothing that is known is forgotten for that. */
function notKnown(
  { acknowledged, pending = [], issuers }: RotationInput,
  contents: SecretContents,
): string[] {
  const hash = secretHash(contents.secret);
  if (acknowledged === hash) return [];
  return [
    ...pending.map((place) => `${place}, whose pods were not looked at yet`),
    ...notSeen(hash, issuers),
  ];
}

/**
 * The old secret goes when the last credential made with it has expired: the longest life of one after the moment
 * when the last consumer stopped to make them. A consumer that turns up later begins that time anew.
 */
function overlapping(input: RotationInput, { contents, switchedMs }: Overlap): Rotation {
  const relapsed = relapsedIn(input, contents);
  // Whoever started meanwhile may have read the old one there: the switch is still to come.
  if (relapsed.length > 0)
    return waitForIssuers(noted(contents, { switched: undefined, adopted: undefined }), relapsed);
  const unknown = notKnown(input, contents);
  if (unknown.length > 0) return waitForConsumers(contents, unknown);
  const waitingFor = notAdopted({ ...input, switchedMs, hash: secretHash(contents.secret) });
  if (waitingFor.length > 0) {
    const askedMs = switchedMs + staleMs;
    const waiting = waitForConsumers(noted(contents, { adopted: undefined }), waitingFor);
    return { ...waiting, ...(askedMs > input.nowMs && { againMs: askedMs }) };
  }
  const adoptedMs = timeIn(contents, 'adopted') ?? input.nowMs;
  const adopted = noted(contents, { adopted: timeText(adoptedMs) });
  const ttlMs = Number(adopted.annotations[keyOfTTL]) * 1000;
  const retireAfterMs = Math.max(adoptedMs, switchedMs) + ttlMs + marginMs;
  if (input.nowMs >= retireAfterMs) return retired(input, adopted);
  return {
    stage: 'Overlapping',
    contents: adopted,
    reason: {
      reason: 'SecretsOverlap',
      message: `All consumers have secret ${secretHash(adopted.secret)}; the old one is retired at ${timeText(retireAfterMs)}, when the last credential made with it has expired`,
    },
    waitingFor: [],
    retireAfterMs,
    againMs: retireAfterMs,
  };
}

function waitForConsumers(contents: SecretContents, waitingFor: readonly string[]): Rotation {
  return {
    stage: 'Overlapping',
    contents,
    reason: {
      reason: 'WaitingForConsumers',
      message: `The old secret is kept until everybody has secret ${secretHash(contents.secret)}; waiting for ${waitingFor.join('; ')}`,
    },
    waitingFor,
  };
}

function retired(input: RotationInput, contents: SecretContents): Rotation {
  const { secret, next, annotations } = contents;
  const alone = noted(
    { secret, annotations, ...(next !== undefined && { next }) },
    { switched: undefined, adopted: undefined },
  );
  return {
    stage: 'Stable',
    contents: alone,
    reason: {
      reason: 'SecretRetired',
      message: `The old secret is retired; credentials are made with secret ${secretHash(secret)}`,
    },
    waitingFor: [],
    againMs: input.nowMs,
  };
}
