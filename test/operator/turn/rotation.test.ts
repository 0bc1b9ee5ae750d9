import { describe, expect, test } from '@jest/globals';
import type { decideRotation } from '../../../operator/turn/rotation/decide.ts';
import { lacking } from '../../../operator/turn/rotation/distribution.ts';
import { secretHash } from '../../../operator/turn/secretHash.ts';
import {
  nowMs,
  minute,
  ago,
  key,
  oldHash,
  newHash,
  notes,
  settled,
  handedOut,
  swapped,
  overlapping,
  pod,
  base,
  decide,
} from './rotationCases.ts';

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

test('a coturn may serve when it takes the secret in force and the one before it', () => {
  expect(lacking(swapped, [newHash])).toEqual([oldHash]);
  expect(lacking(swapped, [newHash, oldHash])).toEqual([]);
  expect(lacking(handedOut, [oldHash])).toEqual([]);
});
