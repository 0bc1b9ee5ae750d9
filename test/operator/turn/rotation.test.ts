import { describe, expect, test } from '@jest/globals';
import { lacking } from '../../../operator/turn/rotation/distribution.ts';
import { decideRotation, marginMs } from '../../../operator/turn/rotation/decide.ts';
import type { RotationInput, RotationPod, SecretContents } from '../../../operator/turn/rotation/state.ts';
import { secretHash } from '../../../operator/turn/secretHash.ts';

const nowMs = Date.parse('2026-11-30T12:00:00Z');
const minute = 60_000;
const ago = (ms: number): string => new Date(nowMs - ms).toISOString();
const key = (name: string): string => `rtc.progressnet.gr/${name}`;
const [oldHash, newHash] = [secretHash('old'), secretHash('new')];

const notes = (some: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  [key('turn-secret-since')]: ago(60 * minute),
  [key('turn-longest-ttl')]: '14400',
  ...some,
});
const settled: SecretContents = { secret: 'old', annotations: notes() };
const handedOut: SecretContents = { ...settled, next: 'new' };
const swapped: SecretContents = { secret: 'new', previous: 'old', annotations: notes() };
const overlapping = (some: Readonly<Record<string, string>> = {}): SecretContents => ({
  ...swapped,
  annotations: notes({ [key('turn-switched')]: ago(10 * minute), ...some }),
});

const pod = (some: Partial<RotationPod> = {}): RotationPod => ({
  name: 'edge-turn-0',
  mayServe: true,
  accepts: [oldHash, newHash],
  verified: [oldHash, newHash],
  ...some,
});

const base: RotationInput = {
  nowMs,
  ttlSeconds: 14_400,
  intervalSeconds: 0,
  overlap: 'Automatic',
  contents: settled,
  fresh: 'fresh',
  pods: [pod()],
  issuers: [{ name: 'Secret edge-ice-servers', hash: newHash }],
  consumers: [{ name: 'mattermost/app-0', startedMs: nowMs - minute }],
  unseen: [],
};
const decide = (some: Partial<RotationInput>): ReturnType<typeof decideRotation> =>
  decideRotation({ ...base, ...some });

describe('a secret that is not there', () => {
  test('is made, and remembers when', () => {
    expect(decide({ contents: undefined })).toMatchObject({
      stage: 'Stable',
      contents: { secret: 'fresh', annotations: { [key('turn-secret-since')]: ago(0) } },
    });
  });

  test('is what Mattermost still has, where that is known', () => {
    expect(decide({ contents: undefined, issued: 'issued' }).contents.secret).toBe('issued');
  });

  test('is not rotated by a request that is as old as it', () => {
    const { contents } = decide({ contents: undefined, requested: '1', fresh: 'first' });
    expect(decide({ contents, requested: '1' }).stage).toBe('Stable');
    expect(decide({ contents, requested: '2' }).stage).toBe('Distributing');
  });
});

describe('a secret in use', () => {
  test('stays, and nothing is written', () => {
    expect(decide({})).toMatchObject({ stage: 'Stable', contents: settled, waitingFor: [] });
  });

  test('gets a successor when it is old enough, and not before', () => {
    expect(decide({ intervalSeconds: 3600 }).contents).toMatchObject({ secret: 'old', next: 'fresh' });
    const early = decide({ intervalSeconds: 3601 });
    expect(early).toMatchObject({ stage: 'Stable', againMs: nowMs + 1000 });
  });

  test('gets the successor that somebody wrote beside it', () => {
    expect(decide({ contents: handedOut }).contents).toMatchObject({ secret: 'new', previous: 'old' });
  });

  test('needs no successor that is the same', () => {
    const { stage, contents } = decide({ contents: { ...settled, next: 'old' } });
    expect([stage, contents]).toEqual(['Stable', settled]);
  });
});

describe('a next secret', () => {
  test('that was only just written is not in force, whoever may have been seen with it', () => {
    const fresh = secretHash('fresh');
    const known = [pod({ accepts: [fresh], verified: [fresh] })];
    expect(decide({ requested: '1', pods: known })).toMatchObject({ stage: 'Distributing' });
  });

  test.each([
    ['a pod that has not read it', pod({ accepts: [oldHash] }), 'it has not read the new secret'],
    ['a pod that refused an allocation', pod({ verified: [], problem: 'refused: 401' }), 'refused: 401'],
    ['a pod that was not tried', pod({ verified: [oldHash] }), 'no allocation was made'],
  ])('waits for %s, by name', (_, late, why) => {
    const { stage, contents, waitingFor } = decide({ contents: handedOut, pods: [pod(), late] });
    expect([stage, contents]).toEqual(['Distributing', handedOut]);
    expect(waitingFor).toEqual([expect.stringContaining(`pod edge-turn-0: ${why}`)]);
  });

  test('waits for a silent pod', () => {
    const silent = { name: 'edge-turn-1', mayServe: true, verified: [newHash] };
    const { waitingFor } = decide({ contents: handedOut, pods: [pod(), silent] });
    expect(waitingFor).toEqual(['pod edge-turn-1: its agent has not answered']);
  });

  test('does not wait for a pod that takes no new allocations', () => {
    const drained = pod({ mayServe: false, accepts: [], verified: [] });
    expect(decide({ contents: handedOut, pods: [pod(), drained] }).stage).toBe('Switching');
  });

  test('waits for at least one TURN server', () => {
    expect(decide({ contents: handedOut, pods: [] }).waitingFor).toEqual(['a TURN server that runs']);
  });
});

test('an operator that has just begun waits for its first look at consumers, and forgets nothing meanwhile', () => {
  const adopted = overlapping({ [key('turn-adopted')]: ago(5 * minute) });
  const pending = ['namespace chat'];
  const { contents, waitingFor } = decide({ contents: adopted, pending, consumers: [], unseen: [] });
  expect(contents).toEqual(adopted);
  expect(waitingFor).toEqual([expect.stringMatching(/^namespace chat, .*not looked at yet/)]);
  expect(decide({ contents: adopted, pending, acknowledged: newHash }).waitingFor).toEqual([]);
});

describe('the longest life of credentials', () => {
  const ttlIn = ({ contents }: ReturnType<typeof decideRotation>): string | undefined =>
    contents.annotations[key('turn-longest-ttl')];

  test('is remembered when a shorter one is set: a Mattermost goes on with the one that it was started with', () => {
    expect(ttlIn(decide({ ttlSeconds: 600 }))).toBe('14400');
    expect(ttlIn(decide({ ttlSeconds: 86_400 }))).toBe('86400');
  });

  test('is forgotten when a person takes the annotation away', () => {
    const contents = { ...settled, annotations: { [key('turn-secret-since')]: ago(60 * minute) } };
    expect(ttlIn(decide({ ttlSeconds: 600, contents }))).toBe('600');
  });
});

const outOfSight = { name: 'Secret chat/calls-mattermost-env', isHidden: true } as const;

describe('a Secret for Mattermost that nobody of us may look at', () => {
  const issuers = [...base.issuers, outOfSight];

  test('is waited for at the switch, with what to do', () => {
    const { stage, contents, waitingFor } = decide({ contents: swapped, issuers });
    expect([stage, contents]).toEqual(['Switching', swapped]);
    expect(waitingFor).toEqual([
      expect.stringMatching(
        new RegExp(`^Secret chat/calls-mattermost-env, .*bindingNamespaces.*turn-ack=${newHash}`),
      ),
    ]);
  });

  test('is waited for before the old secret goes, and what is known of the others stays', () => {
    const adopted = overlapping({
      [key('turn-switched')]: ago(600 * minute),
      [key('turn-adopted')]: ago(500 * minute),
    });
    expect(decide({ contents: adopted }).contents.previous).toBeUndefined();
    const { stage, contents, waitingFor, retireAfterMs } = decide({ contents: adopted, issuers });
    expect([stage, contents, retireAfterMs]).toEqual(['Overlapping', adopted, undefined]);
    expect(waitingFor).toEqual([expect.stringContaining('chat/calls-mattermost-env')]);
  });

  test('is no longer waited for when a person says that everybody has the new secret', () => {
    expect(decide({ contents: swapped, issuers, acknowledged: newHash })).toMatchObject({
      stage: 'Overlapping',
      contents: { previous: 'old' },
    });
    const adopted = overlapping({
      [key('turn-switched')]: ago(600 * minute),
      [key('turn-adopted')]: ago(500 * minute),
    });
    expect(decide({ contents: adopted, issuers, acknowledged: newHash }).stage).toBe('Stable');
  });
});

describe('the switch', () => {
  test('is one write, after which issuers are to be written', () => {
    const { stage, contents, waitingFor } = decide({ contents: handedOut });
    expect(stage).toBe('Switching');
    expect(contents).toEqual({
      secret: 'new',
      previous: 'old',
      annotations: notes({ [key('turn-secret-since')]: ago(0) }),
    });
    expect(waitingFor).toEqual(['Secret edge-ice-servers']);
  });

  test('is not over while a Secret for Mattermost holds the old one', () => {
    const issuers = [...base.issuers, { name: 'Secret calls-mattermost-env', hash: oldHash }];
    const { stage, contents, waitingFor } = decide({ contents: swapped, issuers });
    expect([stage, contents]).toEqual(['Switching', swapped]);
    expect(waitingFor).toEqual(['Secret calls-mattermost-env, to be written anew']);
  });

  test('is dated when all of them have been seen with the new one', () => {
    const { stage, contents } = decide({ contents: swapped });
    expect([stage, contents.annotations[key('turn-switched')]]).toEqual(['Overlapping', ago(0)]);
  });

  test('is still to come when the old one turns up again', () => {
    const issuers = [{ name: 'Secret edge-ice-servers', hash: oldHash }];
    const { stage, contents } = decide({ contents: overlapping(), issuers });
    expect([stage, contents]).toEqual(['Switching', swapped]);
  });
});

describe('the overlap', () => {
  test('lasts for as long as credentials live after the last consumer has the new one', () => {
    const { stage, contents, retireAfterMs } = decide({ contents: overlapping() });
    expect(stage).toBe('Overlapping');
    expect(contents.annotations[key('turn-adopted')]).toBe(ago(0));
    expect(retireAfterMs).toBe(nowMs + 14_400_000 + marginMs);
  });

  test('ends then, and nothing of it is left', () => {
    const longAgo = ago(14_400_000 + marginMs);
    const contents = overlapping({ [key('turn-switched')]: longAgo, [key('turn-adopted')]: longAgo });
    const consumers = [{ name: 'mattermost/app-0', startedMs: nowMs - minute }];
    const rotation = decide({ contents, consumers });
    expect(rotation).toMatchObject({ stage: 'Stable', contents: { secret: 'new', annotations: notes() } });
    expect(rotation.contents.previous).toBeUndefined();
    expect(decide({ contents: rotation.contents }).contents).toEqual(rotation.contents);
  });

  test('counts with the longest life that credentials were ever given', () => {
    const adopted = { [key('turn-adopted')]: ago(400_000) };
    expect(decide({ contents: overlapping(adopted), ttlSeconds: 300 }).stage).toBe('Overlapping');
  });

  test('does not ask at once who has the new one: nodes may still hand out the old', () => {
    const contents = overlapping({ [key('turn-switched')]: ago(5000) });
    const { waitingFor, againMs } = decide({ contents, acknowledged: newHash });
    expect(waitingFor).toEqual([expect.stringContaining('the nodes')]);
    expect(againMs).toBe(nowMs + 5000);
  });

  test('names the consumers that were started before the switch, and what to do', () => {
    const consumers = [...base.consumers, { name: 'mattermost/app-1', startedMs: nowMs - 11 * minute }];
    const { stage, waitingFor } = decide({ contents: overlapping(), consumers });
    expect([stage, waitingFor]).toEqual([
      'Overlapping',
      ['pod mattermost/app-1, started before the switch: restart it'],
    ]);
  });

  test('forgets that all had adopted when one turns up that has not', () => {
    const contents = overlapping({ [key('turn-adopted')]: ago(5 * minute) });
    const late = { name: 'mattermost/app-1', startedMs: nowMs - 11 * minute };
    expect(decide({ contents, consumers: [late] }).contents).toEqual(overlapping());
  });

  test('waits for somebody to say so where no pod uses the Secret, or some cannot be seen', () => {
    const ack = `turn-ack=${newHash}`;
    expect(decide({ contents: overlapping(), consumers: [] }).waitingFor).toEqual([
      expect.stringContaining(ack),
    ]);
    expect(decide({ contents: overlapping(), unseen: ['namespace chat'] }).waitingFor).toEqual([
      expect.stringMatching(`^namespace chat.*${ack}`),
    ]);
    const told = { contents: overlapping(), consumers: [], acknowledged: newHash };
    expect(decide(told).waitingFor).toEqual([]);
    expect(decide({ ...told, acknowledged: oldHash }).waitingFor).toHaveLength(1);
  });

  test('always waits for somebody to say so when the spec asks for that', () => {
    const contents = overlapping();
    expect(decide({ contents, overlap: 'Acknowledged' }).waitingFor).toHaveLength(1);
    expect(decide({ contents, overlap: 'Acknowledged', acknowledged: newHash }).waitingFor).toEqual([]);
  });
});

test('a coturn may serve when it takes the secret in force and the one before it', () => {
  expect(lacking(swapped, [newHash])).toEqual([oldHash]);
  expect(lacking(swapped, [newHash, oldHash])).toEqual([]);
  expect(lacking(handedOut, [oldHash])).toEqual([]);
});
