/** HTTPS and WSS (wire spec 1.6). */
import { ok, rejects, strictEqual } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { connect, type ConnectionOptions } from 'node:tls';

import { createAuthority } from '../../../cluster/certificates.ts';
import { eventually } from '../../../support/eventually.ts';
import { scenarios } from '../../scenario.ts';
import type { ServerUnderTest } from '../../server.ts';
import type { Stage } from '../../stage.ts';
import { basic } from '../../http.ts';
import { settled } from '../joined.ts';

/** Scenarios of servers with a certificate. */
export const tls = scenarios([
  {
    name: 'With a certificate a server speaks HTTPS and WSS',
    spec: '1.6',
    run: async (stage) => {
      const { server } = await secured(stage);
      const [clientID, authKey] = [stage.id(), 'k'.repeat(32)];
      strictEqual(await statusOf(server, { clientID, authKey }), 201);
      const client = { clientID, authKey, basic: basic(clientID, authKey) };
      await settled(stage, await stage.plugin(client, server));
    },
  },
  {
    name: 'TLS 1.2 and 1.3 are spoken, 1.1 is not',
    spec: '1.6',
    run: async (stage) => {
      const { server } = await secured(stage);
      strictEqual((await handshake(server, { maxVersion: 'TLSv1.2' })).version, 'TLSv1.2');
      strictEqual((await handshake(server, { minVersion: 'TLSv1.3' })).version, 'TLSv1.3');
      const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
      await rejects(handshake(server, old));
    },
  },
  {
    name: 'Keys are agreed on the curve P-256',
    spec: '1.6',
    run: async (stage) => {
      const { server } = await secured(stage);
      ok((await handshake(server, { ecdhCurve: 'prime256v1' })).version !== '');
      await rejects(handshake(server, { ecdhCurve: 'X25519' }));
    },
  },
  {
    name: 'A renewed certificate is served without a restart',
    spec: '1.6',
    quirk: {
      rtcd: 'serves the certificate that it read at its start until it is restarted',
      ours: 'reads the files again when they change',
      reason: 'Certificates are renewed every few weeks; a restart for it ends calls.',
    },
    observe: async (stage) => {
      const { server, renew } = await secured(stage);
      const { serial } = await handshake(server, {});
      await renew();
      const isRenewed = await eventually(
        async () => ((await handshake(server, {})).serial === serial ? 'the same certificate' : undefined),
        { timeoutMs: 12_000, intervalMs: 250 },
      ).then(
        () => true,
        () => false,
      );
      return isRenewed ? 'ours' : 'rtcd';
    },
  },
]);

async function secured(
  stage: Stage,
): Promise<{ readonly server: ServerUnderTest; readonly renew: () => Promise<void> }> {
  const dir = await stage.folder();
  const authority = createAuthority('conformance');
  const [cert, key] = [`${dir}/cert.pem`, `${dir}/key.pem`];
  const renew = async (): Promise<void> => {
    const leaf = authority.issue({
      subject: { commonName: 'localhost' },
      usage: 'server',
      names: ['127.0.0.1'],
    });
    await writeFile(key, leaf.key);
    await writeFile(cert, leaf.certificate);
  };
  await renew();
  const server = await stage.start({
    env: {
      RTCD_API_HTTP_TLS_ENABLE: 'true',
      RTCD_API_HTTP_TLS_CERTFILE: cert,
      RTCD_API_HTTP_TLS_CERTKEY: key,
    },
  });
  return { server, renew };
}

async function handshake(
  server: ServerUnderTest,
  options: ConnectionOptions,
): Promise<{ readonly version: string; readonly serial: string }> {
  const { port } = new URL(server.url);
  return await new Promise((resolve, reject) => {
    const socket = connect(
      { host: '127.0.0.1', port: Number(port), rejectUnauthorized: false, ...options },
      () => {
        const seen = {
          version: socket.getProtocol() ?? '',
          serial: socket.getPeerCertificate().serialNumber,
        };
        socket.destroy();
        resolve(seen);
      },
    );
    socket.on('error', reject);
  });
}

/** Status of registering a client over HTTPS. */
async function statusOf(server: ServerUnderTest, body: object): Promise<number> {
  return await new Promise((resolve, reject) => {
    const options = { method: 'POST', rejectUnauthorized: false };
    const sent = request(`${server.url}/register`, options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}
