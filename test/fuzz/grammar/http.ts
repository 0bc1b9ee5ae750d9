/** HTTP requests as text, from sound to absurd. */
import fc from 'fast-check';

import { damagedText } from './bytes.ts';

const method = fc.oneof(
  fc.constantFrom('GET', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PUT', 'PRI', 'CONNECT', 'TRACE', ''),
  fc.string({ maxLength: 6 }),
);
const path = fc.oneof(
  fc.constantFrom(
    ...['/version', '/system', '/stats', '/metrics', '/livez', '/readyz', '/drain', '/ws', '/', '*', '//'],
    ...[
      '/register',
      '/unregister',
      '/login',
      '/calls/x/sessions',
      '/calls/%zz/sessions',
      '/calls//sessions/',
    ],
    ...[
      '/../etc/passwd',
      '/calls/__proto__/sessions/constructor',
      `/${'x'.repeat(9000)}`,
      '/ws?a=%',
      'http://a/b',
    ],
  ),
  fc.string({ maxLength: 20 }),
);
const headerName = fc.oneof(
  fc.constantFrom(
    ...['Host', 'Authorization', 'Content-Length', 'Transfer-Encoding', 'Connection', 'Upgrade', 'Expect'],
    ...['Sec-WebSocket-Version', 'Sec-WebSocket-Key', 'Sec-WebSocket-Extensions', 'Origin', '__proto__'],
  ),
  fc.string({ maxLength: 10 }),
);
const headerValue = fc.oneof(
  fc.constantFrom(
    ...[
      '127.0.0.1',
      'Basic Og==',
      'Basic ***',
      'Bearer x',
      '5',
      '-1',
      '99999999999',
      'chunked',
      'gzip, chunked',
    ],
    ...['close', 'keep-alive, Upgrade', 'websocket', 'h2c', '13', '100-continue', 'permessage-deflate'],
    ...['dGhlIHNhbXBsZSBub25jZQ==', 'http://elsewhere', 'a'.repeat(20_000)],
  ),
  fc.string({ maxLength: 30 }),
);
const body = fc.oneof(
  fc.constantFrom(
    '',
    '{}',
    '{"clientID":1}',
    '[',
    '{"clientID":"x","authKey":"short"}',
    '[['.repeat(5000),
    '5\r\nab',
  ),
  fc.json(),
);

const sound = fc
  .tuple(
    method,
    path,
    fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9', ''),
    fc.array(fc.tuple(headerName, headerValue), { maxLength: 8 }),
    body,
  )
  .map(([verb, url, version, headers, text]) =>
    [
      `${verb} ${url} ${version}`,
      'Host: a',
      ...headers.map(([name, value]) => `${name}: ${value}`),
      '',
      text,
    ].join('\r\n'),
  );

/** Bytes of an HTTP connection. `GET /drain` needs a key that is not among the values, so nothing is ever drained. */
export const anyRequest: fc.Arbitrary<string> = fc.oneof(
  sound,
  damagedText(sound),
  fc.string({ maxLength: 60 }),
  fc.nat(3000).map((count) => `GET /version HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(count)}\r\n`),
);
