import { describe, expect, test } from '@jest/globals';
import { plainStyle } from '../../../operator/cli/text.ts';
import { doctorText, doctorView } from '../../../operator/cli/views/doctor.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { answered, definitions, evidence, lease, wrong } from '../../support/doctorEvidence.ts';
import { before } from '../../support/pods.ts';

describe('the doctor', () => {
  test('finds nothing where nothing is wrong', () => {
    expect(wrong()).toEqual([]);
  });

  test('finds an operator without leader', () => {
    const silent = lease({
      holderIdentity: 'rtc-operator-0_a',
      renewTime: new Date(before(600_000)).toISOString(),
    });
    expect(wrong({ lease: { value: silent } })).toMatchObject([
      { id: 'operator/leader', level: 'fail', message: expect.stringContaining('for 10m') },
    ]);
    expect(wrong({ lease: { value: lease({}) } })).toMatchObject([{ id: 'operator/leader', level: 'fail' }]);
    expect(wrong({ lease: { value: 'There is no Lease' } })).toMatchObject([
      { level: 'fail', message: 'There is no Lease' },
    ]);
  });

  test('finds definitions of an older release, and names the fields that are dropped', () => {
    const [name = ''] = Object.keys(definitions);
    const old = JSON.parse(JSON.stringify(definitions[name])) as KubeObject;
    const [version] = (
      old['spec'] as {
        versions: {
          schema: { openAPIV3Schema: { properties: { spec: { properties: Record<string, unknown> } } } };
        }[];
      }
    ).versions;
    delete version!.schema.openAPIV3Schema.properties.spec.properties['turn'];
    expect(wrong({ definitions: { value: { ...definitions, [name]: old } } })).toMatchObject([
      {
        level: 'fail',
        message: expect.stringContaining('it lacks spec.turn'),
        fix: expect.stringContaining('chart'),
      },
    ]);
  });

  test('finds what conditions say, each with its own help, and what has been on its way for too long', () => {
    const condition = {
      status: 'False',
      message: 'why',
      lastTransitionTime: new Date(before(60_000)).toISOString(),
    };
    const conditions = [
      { ...condition, type: 'PodSecurityCompatible', reason: 'PodSecurityForbids' },
      { ...condition, type: 'CertificateReady', reason: 'Expired' },
      { ...condition, type: 'NodesTuned', reason: 'Untuned' },
      {
        ...condition,
        type: 'Available',
        reason: 'Scheduling',
        lastTransitionTime: new Date(before(3_600_000)).toISOString(),
      },
    ];
    const { cluster } = evidence();
    const found = wrong({ cluster: { ...cluster, status: { conditions } } });
    expect(found.map(({ id, level }) => `${level} ${id}`)).toEqual([
      'fail condition/PodSecurityCompatible',
      'fail condition/CertificateReady',
      'fail condition/NodesTuned',
      'warn condition/Available',
    ]);
    expect(found[0]?.fix).toMatch(/namespace/);
  });

  test('finds what the TurnServer of the cluster says, with the help that TurnServers have', () => {
    const condition = {
      status: 'False',
      reason: 'NoAllowedPeers',
      message: 'why',
      lastTransitionTime: new Date(before(60_000)).toISOString(),
    };
    const edge = {
      apiVersion: 'a',
      kind: 'TurnServer',
      metadata: { name: 'edge' },
      status: { conditions: [{ ...condition, type: 'PeersSynced' }] },
    };
    expect(wrong({ turnServer: { value: edge } })).toMatchObject([
      { id: 'turnserver/edge/PeersSynced', level: 'fail' },
    ]);
    expect(wrong({ turnServer: { value: undefined } })).toMatchObject([
      { id: 'turnserver', level: 'fail', fix: 'Create it, or correct the name' },
    ]);
    expect(wrong({ turnServer: { unknown: 'There is no TurnServer edge' } })).toMatchObject([
      { level: 'unknown' },
    ]);
  });

  test('says of each thing that it cannot look at why not, and fails for none of them', () => {
    const no = { unknown: 'You may not' };
    const blind = doctorView(
      evidence({ record: no, definitions: no, endpoints: no, secrets: no, overlay: no, answers: {} }),
    );
    expect(blind.counts).toMatchObject({ fail: 0, warn: 0 });
    expect(blind.counts.unknown).toBeGreaterThan(3);
  });

  test('tells people the worst first, each with its fix', () => {
    const view = doctorView(
      evidence({ pod: { facts: answered({ load: 0.97 }) }, lease: { value: 'There is no Lease' } }),
    );
    const lines = doctorText(view, plainStyle).split('\n');
    expect(lines[0]).toMatch(/^RTCCluster mattermost\/calls: 2 fail, /);
    expect(lines[2]).toMatch(/^fail {4}operator\/leader: There is no Lease/);
    expect(lines[3]).toMatch(/^ {8}fix: See the pods of the operator/);
  });
});
