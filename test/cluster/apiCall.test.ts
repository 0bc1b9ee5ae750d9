import { describe, expect, test } from '@jest/globals';
import { apiCall } from './apiCall.ts';

const said = (method: string, url: string): string => {
  const { verb, group, resource, namespace, name } = apiCall(method, url);
  return [verb, group || '-', resource, namespace || '-', name || '-'].join(' ');
};

describe('a request in the words of RBAC', () => {
  test.each([
    ['GET', '/api/v1/namespaces/a/pods/p', 'get - pods a p'],
    ['GET', '/api/v1/pods?limit=500', 'list - pods - -'],
    ['GET', '/api/v1/namespaces/a/pods?watch=true&resourceVersion=1', 'watch - pods a -'],
    ['GET', '/apis/apps/v1/deployments?watch=1', 'watch apps deployments - -'],
    ['POST', '/api/v1/namespaces/a/secrets', 'create - secrets a -'],
    ['POST', '/api/v1/namespaces/a/pods/p/eviction', 'create - pods/eviction a p'],
    ['PUT', '/apis/coordination.k8s.io/v1/namespaces/a/leases/l', 'update coordination.k8s.io leases a l'],
    [
      'PATCH',
      '/apis/x.example/v1/namespaces/a/things/t/status?fieldManager=m',
      'patch x.example things/status a t',
    ],
    ['DELETE', '/api/v1/namespaces/a/pods/p', 'delete - pods a p'],
    ['DELETE', '/api/v1/namespaces/a/pods', 'deletecollection - pods a -'],
    ['GET', '/api/v1/namespaces/a', 'get - namespaces - a'],
    ['PUT', '/api/v1/namespaces/a/finalize', 'update - namespaces/finalize - a'],
    ['GET', '/api/v1/nodes/n%31', 'get - nodes - n1'],
  ])('%s %s', (method, url, expected) => {
    expect(said(method, url)).toBe(expected);
  });

  test('discovery and other paths are named by their path', () => {
    expect(said('GET', '/apis/apps/v1')).toBe('get - /apis/apps/v1 - -');
    expect(said('GET', '/readyz?verbose')).toBe('get - /readyz - -');
  });

  test('knows who applies', () => {
    expect(apiCall('PATCH', '/api/v1/namespaces/a/pods/p?fieldManager=rtc').fieldManager).toBe('rtc');
  });
});
