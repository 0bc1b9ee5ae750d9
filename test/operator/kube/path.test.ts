import { expect, test } from '@jest/globals';
import { describe, pathOf, queryOf } from '../../../operator/kube/path.ts';
import { nodes, podDisruptionBudgets, pods, rtcclusters } from '../../../operator/kube/resources.ts';

test('each kind of target has its URL', () => {
  expect(pathOf(pods, {})).toBe('/api/v1/pods');
  expect(pathOf(pods, { namespace: 'a', name: 'b' })).toBe('/api/v1/namespaces/a/pods/b');
  expect(pathOf(nodes, { namespace: 'a', name: 'b' })).toBe('/api/v1/nodes/b');
  expect(pathOf(podDisruptionBudgets, { namespace: 'a' })).toBe(
    '/apis/policy/v1/namespaces/a/poddisruptionbudgets',
  );
  expect(pathOf(rtcclusters, { namespace: 'a', name: 'b', subresource: 'status' })).toBe(
    '/apis/rtc.progressnet.gr/v1alpha1/namespaces/a/rtcclusters/b/status',
  );
});

test('a name cannot lead elsewhere', () => {
  expect(pathOf(pods, { namespace: 'a', name: '../secrets' })).toBe('/api/v1/namespaces/a/pods/..%2Fsecrets');
});

test('a query leaves out what is absent and escapes the rest', () => {
  expect(queryOf({ limit: 5, continue: undefined, labelSelector: 'a in (b,c)' })).toBe(
    '?limit=5&labelSelector=a+in+%28b%2Cc%29',
  );
  expect(queryOf({ a: undefined })).toBe('');
});

test('a target for people', () => {
  expect(describe(rtcclusters, { namespace: 'a', name: 'b', subresource: 'status' })).toBe(
    'rtcclusters/status a/b',
  );
});
