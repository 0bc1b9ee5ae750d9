import { expect, test } from '@jest/globals';
import { sfuResources } from '../../../operator/desired/resources.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const of = (resources: object): unknown => sfuResources(aCluster({ resources }));

test.each([
  ['is the request', { requests: { memory: '2Gi' } }, { memory: '2Gi' }],
  [
    'is the request beside another limit',
    { requests: { memory: '2Gi' }, limits: { cpu: 4 } },
    { cpu: 4, memory: '2Gi' },
  ],
  [
    'is its own where there is one',
    { requests: { memory: '2Gi' }, limits: { memory: '4Gi' } },
    { memory: '4Gi' },
  ],
  ['is none where nothing is requested', { requests: { cpu: '1' } }, undefined],
])('the memory limit of a pod %s', (_, resources, limits) => {
  expect(of(resources)).toEqual({ requests: resources.requests, ...(limits && { limits }) });
});
