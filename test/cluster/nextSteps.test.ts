import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { nextSteps } from './nextSteps.ts';

const started = {
  root: '/checkout',
  kubeconfig: '/run/kubeconfig',
  kubectl: '/tools/v35/kubectl',
  helm: '/tools/v35/helm',
  images: { operator: 'rtc/operator:1', sfu: 'rtc/sfu:2', coturn: 'coturn/coturn:4.18.0' },
};

test('every program that the lines name is in the PATH that they set first', () => {
  const lines = nextSteps(started).split('\n');
  expect(lines).toContain('  export PATH=/checkout/dist:/checkout/node_modules/.bin:/tools/v35:$PATH');
  expect(lines.filter((line) => line.includes('/tools/') && !line.includes('export PATH'))).toEqual([]);
});

test('every file that they name is there', () => {
  const files = nextSteps(started).match(/\b(?:crds|charts)\/\S+/g) ?? [];
  expect(files.length).toBeGreaterThan(2);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

test('TURN servers run the coturn that lies on the nodes', () => {
  expect(nextSteps(started)).toContain(`-p '{"spec":{"image":"coturn/coturn:4.18.0"}}'`);
});

test('without images on the nodes there is only the way to them', () => {
  const { images, ...bare } = started;
  expect(nextSteps(bare)).not.toContain(images.operator);
});
