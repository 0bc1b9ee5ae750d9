import { expect, test } from '@jest/globals';

import { eventually } from '../support/eventually.ts';
import { spawnSfu } from './process.ts';

test('a server has an exit code only when all that it printed has been read', async () => {
  const late = spawnSfu({}, { program: ['sh', '-c', '(sleep 0.3; echo why) & exit 1'] });
  await eventually(() => (late.exitCode() === null ? 'the exit code' : undefined));
  expect([late.exitCode(), late.output()]).toEqual([1, 'why\n']);
  await late.stop();
});
