import { expect, test } from '@jest/globals';
import { publicUrl } from '../../release/sourceUrl.ts';

test('no user and no token of whoever checked out gets into what is published', () => {
  for (const found of [
    'https://gitlab-ci-token:s3cret@git.example.org/rtc.git\n',
    'https://x-access-token:s3cret@git.example.org/rtc.git',
    'https://s3cret@git.example.org/rtc.git',
    'https://git.example.org/rtc.git?private_token=s3cret',
    'https://git.example.org/rtc.git',
  ])
    expect(publicUrl(found)).toBe('https://git.example.org/rtc.git');
  expect(publicUrl('git@git.example.org:team/rtc.git')).toBe('git.example.org:team/rtc.git');
  expect(publicUrl('ssh://git@git.example.org/rtc.git')).toBe('ssh://git.example.org/rtc.git');
});
