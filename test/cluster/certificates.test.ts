import { createPrivateKey, X509Certificate } from 'node:crypto';
import { connect, createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { createAuthority, createTokenKeys } from './certificates.ts';
import { integer, oid } from './der.ts';
import { kubeconfig } from './kubeconfig.ts';

const authority = createAuthority('test-ca');
const read = (pem: string): X509Certificate => new X509Certificate(pem);

test('an authority is one', () => {
  const certificate = read(authority.certificate);
  expect(certificate.ca).toBe(true);
  expect(certificate.subject).toBe('CN=test-ca');
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});

test('a client certificate bears user and group, is signed by the authority, and fits its key', () => {
  const subject = { commonName: 'system:node:n1', organization: 'system:nodes' };
  const issued = authority.issue({ subject, usage: 'client' });
  const certificate = read(issued.certificate);
  expect(certificate.subject.split('\n').sort()).toEqual(['CN=system:node:n1', 'O=system:nodes']);
  expect(certificate.checkIssued(read(authority.certificate))).toBe(true);
  expect(certificate.verify(read(authority.certificate).publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(issued.key))).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
});

test('a server certificate holds for its names and addresses, and now', () => {
  const names = ['kubernetes.default', '10.99.0.1'];
  const certificate = read(
    authority.issue({ subject: { commonName: 's' }, usage: 'server', names }).certificate,
  );
  expect(certificate.checkHost('kubernetes.default')).toBe('kubernetes.default');
  expect(certificate.checkIP('10.99.0.1')).toBe('10.99.0.1');
  expect(certificate.checkIP('10.99.0.2')).toBeUndefined();
  expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now());
});

test('two ends that trust the authority agree on a TLS connection, with certificates on both sides', async () => {
  const subject = { commonName: 'peer' };
  const server = authority.issue({ subject, usage: 'server', names: ['127.0.0.1'] });
  const client = authority.issue({ subject, usage: 'client' });
  const ca = authority.certificate;
  const options = {
    ca,
    cert: server.certificate,
    key: server.key,
    requestCert: true,
    rejectUnauthorized: true,
  };
  const listener = createServer(options, (peer: TLSSocket) =>
    peer.end(String(peer.getPeerCertificate().subject.CN)),
  );
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const { port } = listener.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, ca, cert: client.certificate, key: client.key });
  const [greeting] = (await once(socket, 'data')) as [Buffer];
  expect(greeting.toString()).toBe('peer');
  socket.destroy();
  listener.close();
});

test('another authority did not sign it', () => {
  const { certificate } = createAuthority('other').issue({ subject: { commonName: 'x' }, usage: 'client' });
  expect(read(certificate).verify(read(authority.certificate).publicKey)).toBe(false);
});

test('token keys are an RSA pair', () => {
  const { privateKey } = createTokenKeys();
  expect(createPrivateKey(privateKey).asymmetricKeyType).toBe('rsa');
});

test('DER: a number that looks negative gets a leading zero, a large arc several bytes', () => {
  expect(integer(Buffer.from([0x80])).toString('hex')).toBe('02020080');
  expect(oid('1.2.840.10045.4.3.2').toString('hex')).toBe('06082a8648ce3d040302');
});

test('a kubeconfig leads one user to one server', () => {
  const parts = { server: 'https://10.99.0.1:6443', authority: 'CA', user: 'u' };
  const withToken = JSON.parse(kubeconfig({ ...parts, credentials: { token: 't' } })) as object;
  expect(withToken).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'rtc', cluster: { server: 'https://10.99.0.1:6443', 'certificate-authority-data': 'Q0E=' } },
    ],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [{ name: 'rtc', context: { cluster: 'rtc', user: 'u' } }],
    'current-context': 'rtc',
  });
  const withCertificate = kubeconfig({ ...parts, credentials: { certificate: 'C', key: 'K' } });
  expect(withCertificate).toContain('"client-certificate-data": "Qw=="');
  expect(withCertificate).toContain('"client-key-data": "Sw=="');
});
