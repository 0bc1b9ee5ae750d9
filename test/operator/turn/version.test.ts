import { expect, test } from '@jest/globals';
import { judgeVersion, versionOfImage } from '../../../operator/turn/version.ts';

test.each([
  ['4.18.0', 'Supported', 'no fault'],
  ['4.17.2', 'Supported', 'no fault'],
  ['5.0.0', 'Supported', 'no fault'],
  ['4.17.1', 'Refused', 'an IP TTL of 1'],
  ['4.17.0', 'Refused', 'an IP TTL of 1'],
  ['4.16.0', 'Warned', 'CVE-2026-73215'],
  ['4.6.1', 'Warned', 'CVE-2026-27624'],
  ['', 'Unknown', 'neither its pods nor the tag'],
  ['latest', 'Unknown', '"latest" is none'],
])('coturn %s is %s', (version, verdict, message) => {
  const judged = judgeVersion(version);
  expect(judged.verdict).toBe(verdict);
  expect(judged.reason.message).toContain(message);
});

test('a warning names only the faults that the version has', () => {
  const { message } = judgeVersion('4.14.0').reason;
  expect(message).toContain('CVE-2026-73213');
  expect(message).not.toContain('CVE-2026-53449');
});

test.each([
  ['coturn/coturn:4.18.0-r0', '4.18.0'],
  ['registry.example.com:5000/coturn:4.17.1', '4.17.1'],
  ['registry.example.com:5000/coturn', ''],
  ['coturn/coturn:4.18.0-r0-debian@sha256:abc', '4.18.0'],
  ['coturn/coturn:latest', ''],
  ['coturn/coturn:4', ''],
  ['coturn/coturn', ''],
])('the tag of %s tells "%s"', (image, version) => {
  expect(versionOfImage(image)).toBe(version);
});
