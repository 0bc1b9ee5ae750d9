import { expect, test } from '@jest/globals';
import { pino } from 'pino';

import { createAuthenticate, type Authenticate } from '../../../sfu/auth/authenticate.ts';
import { ClientError } from '../../../sfu/auth/clients.ts';
import { createTokens } from '../../../sfu/auth/tokens.ts';

/** Knows the client `known`, whose key is never right. */
function open(): { readonly authenticate: Authenticate; readonly logged: Record<string, unknown>[] } {
  const logged: Record<string, unknown>[] = [];
  const authenticate = createAuthenticate({
    clients: {
      register: () => Promise.resolve(),
      unregister: () => Promise.resolve(),
      authenticate: (clientID) => {
        const what = clientID === 'known' ? '' : ': error: not found';
        return Promise.reject(new ClientError(`authentication failed${what}`));
      },
    },
    tokens: createTokens({ lifetimeMs: 60_000, nowMs: () => 0 }),
    adminKey: undefined,
    log: pino({}, { write: (line: string) => void logged.push(JSON.parse(line) as never) }),
  });
  return { authenticate, logged };
}

const basic = (user: string): string => `Basic ${Buffer.from(`${user}:wrong`).toString('base64')}`;

test('strangers who guess do not fill the log, and do not hide a client whose key is wrong', async () => {
  const { authenticate, logged } = open();
  for (let count = 0; count < 2_000; count += 1) await authenticate(basic(`guess${count}`));
  for (let count = 0; count < 100; count += 1) await authenticate(basic('known'));
  expect(logged.map(({ clientID, reason }) => `${String(clientID)}: ${String(reason)}`)).toEqual([
    'guess0: authentication failed: error: not found',
    'known: authentication failed',
  ]);
});
