import { expect, test } from '@jest/globals';

import { pluginRules } from '../../../demo/page/server/rules.ts';

test('every rule of the plugin says what it does and where that is written', () => {
  for (const { says, source } of Object.values(pluginRules)) {
    expect(says.length).toBeGreaterThan(10);
    expect(source).toMatch(/^(plugin|rtcd|Mattermost) .*/);
  }
});
