import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';

import { pino } from 'pino';

import { createMediaPort } from '../../../sfu/media/mediasoup.ts';
import type { MediaEvent, MediaPort } from '../../../sfu/media/port.ts';
import { processCpu } from '../../../sfu/ops/processes.ts';
import { workerBinary } from '../../../sfu/worker/locate.ts';
import { bindingRequest } from '../../fuzz/grammar/stun.ts';
import { openSender, type Sender } from '../../fuzz/live/sockets.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../call/harness.ts';

let media: MediaPort;
let sender: Sender;

afterEach(async () => {
  sender.close();
  await media.close();
});

test('packets of strangers are no business of this process, also with the log at debug', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const port = await freePort();
  const listen = { addresses: ['127.0.0.1'], port };
  const parts = {
    workerBin: workerBinary(),
    workers: 1,
    cpuUseOf: processCpu,
    log,
  };
  media = await createMediaPort({ ...parts, listen: { udp: listen, tcp: listen } });
  const events: MediaEvent[] = [];
  media.openCall('call', (event) => events.push(event)).run({ type: 'openTransport', sessionID: 'ann' });
  await eventually(() => (events.some(({ type }) => type === 'transportOpened') ? undefined : 'transport'));
  const [opened] = events.flatMap((event) => (event.type === 'transportOpened' ? [event.transport] : []));
  const credentials = { ufrag: opened?.iceUfrag ?? '', password: opened?.icePwd ?? '' };
  sender = openSender(port);
  for (let count = 0; count < 500; count += 1) {
    await sender.send(bindingRequest({ ufrag: `stranger${count}`, password: 'x' }, randomBytes(12)));
    await sender.send(randomBytes(40));
  }
  // Whoever is known is answered, and then everything before has been read.
  await sender.send(bindingRequest(credentials, randomBytes(12)));
  await eventually(() => (sender.received.length > 0 ? undefined : 'answer to a Binding request'));
  expect(lines.filter((line) => line.includes('Media worker warned'))).toEqual([]);
});
