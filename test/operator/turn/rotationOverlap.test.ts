import { describe, expect, test } from '@jest/globals';
import { marginMs } from '../../../operator/turn/rotation/decide.ts';
import {
  nowMs,
  minute,
  ago,
  key,
  oldHash,
  newHash,
  notes,
  swapped,
  overlapping,
  base,
  decide,
} from './rotationCases.ts';

test('an operator that has just begun waits for its first look at consumers, and forgets nothing meanwhile', () => {
  const adopted = overlapping({ [key('turn-adopted')]: ago(5 * minute) });
  const pending = ['namespace chat'];
  const { contents, waitingFor } = decide({ contents: adopted, pending, consumers: [], unseen: [] });
  expect(contents).toEqual(adopted);
  expect(waitingFor).toEqual([expect.stringMatching(/^namespace chat, .*not looked at yet/)]);
  expect(decide({ contents: adopted, pending, acknowledged: newHash }).waitingFor).toEqual([]);
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
