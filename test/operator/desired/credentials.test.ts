import { describe, expect, test } from '@jest/globals';
import { credentialsOf } from '../../../operator/desired/credentials.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const client = { clientID: base64('id'), authKey: base64('key') };
const admin = { adminKey: base64('admin') };
const random = (bytes: number): string => `random-${bytes}`;
const own = aCluster({ auth: { clients: [{ name: 'mattermost', create: false }] } });

describe('the credentials of a cluster', () => {
  test('are random where no Secret exists', () => {
    expect(credentialsOf(aCluster(), {}, random)).toEqual({
      adminKey: 'random-32',
      clients: { mattermost: { clientID: 'random-15', authKey: 'random-32' } },
      problems: [],
    });
  });

  test('are those of the Secrets that exist', () => {
    const secrets = { 'calls-admin': admin, 'calls-client-mattermost': client };
    expect(credentialsOf(aCluster(), secrets, random)).toEqual({
      adminKey: 'admin',
      clients: { mattermost: { clientID: 'id', authKey: 'key' } },
      problems: [],
    });
  });

  test('are those that Mattermost has when somebody deleted the client’s Secret', () => {
    const binding = { MM_CALLS_RTCD_CLIENT_ID: base64('id'), MM_CALLS_RTCD_AUTH_KEY: base64('key') };
    const secrets = { 'calls-admin': admin, 'calls-mattermost-env': binding };
    const { clients } = credentialsOf(aCluster(), secrets, random);
    expect(clients).toEqual({ mattermost: { clientID: 'id', authKey: 'key' } });
  });

  test('are new for a client that takes the place of the one that Mattermost has', () => {
    const binding = { MM_CALLS_RTCD_CLIENT_ID: base64('id'), MM_CALLS_RTCD_AUTH_KEY: base64('key') };
    const secrets = { 'calls-client-mattermost': client, 'calls-mattermost-env': binding };
    const clients = [{ name: 'next' }, { name: 'mattermost' }];
    expect(credentialsOf(aCluster({ auth: { clients } }), secrets, random).clients).toEqual({
      next: { clientID: 'random-15', authKey: 'random-32' },
      mattermost: { clientID: 'id', authKey: 'key' },
    });
    const only = credentialsOf(aCluster({ auth: { clients: [{ name: 'next' }] } }), secrets, random);
    expect(only.clients).toEqual({ next: { clientID: 'random-15', authKey: 'random-32' } });
  });

  test('are missing, with the remedy, where the user is to bring them', () => {
    const { clients, problems } = credentialsOf(own, {}, random);
    expect(clients).toEqual({});
    expect(problems).toEqual([
      'Secret calls-client-mattermost is not there or lacks the label rtc.progressnet.gr/cluster: create it with clientID and authKey, or set create: true',
    ]);
  });

  test.each([
    ['ours', aCluster(), ', or delete it and it is created anew'],
    ["the user's", own, ''],
  ])('never overrule an incomplete Secret that is %s', (_, cluster, remedy) => {
    const { clients, problems } = credentialsOf(
      cluster,
      { 'calls-client-mattermost': { clientID: base64('id') } },
      random,
    );
    expect(clients).toEqual({});
    expect(problems).toEqual([
      `Secret calls-client-mattermost lacks clientID and authKey: add them${remedy}`,
    ]);
  });
});
