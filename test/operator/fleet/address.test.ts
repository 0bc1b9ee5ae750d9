import { expect, test } from '@jest/globals';
import { isAdvertisable, isPublic, publicEntry } from '../../../operator/fleet/address.ts';

test.each([
  ['203.0.113.7', true],
  ['172.32.0.1', true],
  ['10.1.2.3', false],
  ['172.31.255.255', false],
  ['192.168.1.1', false],
  ['100.64.0.1', false],
  ['169.254.1.1', false],
  ['127.0.0.1', false],
  ['', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublic(address)).toBe(expected);
});

test.each([
  ['203.0.113.7:8045,10.0.0.5', '203.0.113.7'],
  ['', ''],
])('the first entry of "%s" is "%s"', (annotation, entry) => {
  expect(publicEntry(annotation)).toBe(entry);
});

test.each([
  ['203.0.113.7', true],
  ['203.0.113.7:30045', true],
  ['203.0.113.7:0', false],
  ['203.0.113.7:70000', false],
  ['203.0.113.7:1:2', false],
  ['sfu.example.com', false],
  ['2001:db8::7', false],
])('%s can be advertised: %s', (text, expected) => {
  expect(isAdvertisable(text)).toBe(expected);
});
