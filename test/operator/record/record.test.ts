import { describe, expect, test } from '@jest/globals';
import { recordAnswer, startRecordServer, type RecordSource } from '../../../operator/ops/records.ts';
import { readRecord, readTurnRecord, writeRecord } from '../../../operator/record/record.ts';
import { redactedObserved } from '../../../operator/record/redact.ts';
import { aRecord, secretValues } from '../../support/records.ts';
import { aTurnRecord } from '../../support/turnRecords.ts';

describe('a record', () => {
  test('has no value of any Secret, wherever it was observed, and the keys of all of them', () => {
    const { observed, clear } = secretValues();
    const text = JSON.stringify(redactedObserved(observed));
    expect(clear.length).toBeGreaterThan(5);
    expect(JSON.stringify(observed)).toContain(Buffer.from(clear[0]!).toString('base64'));
    for (const value of clear) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(Buffer.from(value).toString('base64'));
    }
    for (const key of ['adminKey', 'authKey', 'tls.key', 'MM_CALLS_TURN_STATIC_AUTH_SECRET'])
      expect(text).toContain(`"${key}"`);
  });

  test('comes back from text as it was, also a deadline that nobody can read', () => {
    const record = aRecord();
    expect(readRecord(writeRecord(record))).toEqual(JSON.parse(JSON.stringify(record)));
    const [member] = record.last!.members;
    const members = [{ ...member!, deadlineMs: Number.NaN }];
    const broken = { ...record, last: { ...record.last!, members } };
    expect(readRecord(writeRecord(broken)).last?.members[0]?.deadlineMs).toBeNaN();
  });

  test('of another version is refused with what to do', () => {
    const text = writeRecord({ ...aRecord(), recordVersion: 99 });
    expect(() => readRecord(text)).toThrow(/version 99.*kubectl-rtc of the operator's own release/);
  });
});

describe('the ops server', () => {
  const source: RecordSource = {
    isLeader: () => true,
    clusters: {
      keys: () => [{ namespace: 'mattermost', name: 'calls' }],
      recordOf: ({ name }) => (name === 'calls' ? aRecord() : undefined),
    },
    turnservers: {
      keys: () => [{ namespace: 'mattermost', name: 'edge' }],
      recordOf: ({ name }) => (name === 'edge' ? aTurnRecord() : undefined),
    },
  };

  test('serves the record of a cluster, and a list of those there are', () => {
    const { status, text } = recordAnswer(source, '/clusters/mattermost/calls')!;
    expect([status, readRecord(text).by]).toEqual([200, 'rtc-operator-0']);
    expect(recordAnswer(source, '/clusters')?.text).toBe(
      '{"clusters":[{"namespace":"mattermost","name":"calls"}]}',
    );
  });

  test('serves those of TurnServers beside them', () => {
    const { status, text } = recordAnswer(source, '/turnservers/mattermost/edge')!;
    expect([status, readTurnRecord(text).observed.object.metadata.name]).toEqual([200, 'edge']);
    expect(recordAnswer(source, '/turnservers')?.text).toBe(
      '{"turnservers":[{"namespace":"mattermost","name":"edge"}]}',
    );
  });

  test('says so when there is no such cluster, or when it does not lead', () => {
    expect(recordAnswer(source, '/clusters/mattermost/others')).toMatchObject({ status: 404 });
    expect(recordAnswer(source, '/turnservers/mattermost/calls')).toMatchObject({
      status: 404,
      text: expect.stringContaining('no TurnServer mattermost/calls'),
    });
    const standby = { ...source, isLeader: () => false };
    expect(recordAnswer(standby, '/clusters')).toMatchObject({ status: 409 });
  });

  test('does not say that there is none while nobody can know, and says why', () => {
    const unseen = (): string => 'what belongs to it is not listed yet';
    const blind = { ...source, turnservers: { ...source.turnservers, recordOf: () => undefined, unseen } };
    expect(recordAnswer(blind, '/turnservers/mattermost/edge')).toEqual({
      status: 503,
      text: 'nothing can be told of TurnServer mattermost/edge yet: what belongs to it is not listed yet',
    });
  });

  test('leaves other paths to others', () => {
    for (const path of ['/metrics', '/clusters/a', '/clusters/a/b/c', '/%E0%A4%A'])
      expect(recordAnswer(source, path)).toBeUndefined();
  });
});

test('a record is made once a second at most, however often it is asked for', async () => {
  let made = 0;
  let nowMs = 0;
  const source: RecordSource = {
    isLeader: () => true,
    clusters: {
      keys: () => [],
      recordOf: () => {
        made++;
        return aRecord();
      },
    },
    turnservers: { keys: () => [], recordOf: () => undefined },
  };
  const server = await startRecordServer(source, { host: '127.0.0.1', port: 0, nowMs: () => nowMs });
  try {
    const ask = async (path: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${server.port}${path}`)).status;
    expect([await ask('/clusters/a/b'), await ask('/clusters/a/b'), made]).toEqual([200, 200, 1]);
    nowMs = 1_000;
    expect([await ask('/clusters/a/b'), made]).toEqual([200, 2]);
    expect([await ask('/metrics'), await ask('/livez')]).toEqual([404, 404]);
  } finally {
    await server.close();
  }
});
