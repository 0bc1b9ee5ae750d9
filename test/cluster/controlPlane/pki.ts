/** Who is who in a cluster: writes certificates, keys and kubeconfigs of all its parts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Addresses, NodeAddresses } from '../addresses.ts';
import { createAuthority, createTokenKeys } from '../certificates.ts';
import type { Authority, KeyAndCertificate, LeafOptions } from '../certificates.ts';
import { kubeconfig } from '../kubeconfig.ts';

/** What stays in memory. */
export interface Pki {
  readonly dir: string;
  readonly authority: Authority;
  readonly admin: KeyAndCertificate;
}

const masters = 'system:masters';

/** Writes everything below `dir`. */
export function writePki(dir: string, addresses: Addresses, nodes: readonly NodeAddresses[]): Pki {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const write = (name: string, { certificate, key }: KeyAndCertificate): KeyAndCertificate => {
    writeFileSync(join(dir, `${name}.crt`), certificate);
    writeFileSync(join(dir, `${name}.key`), key, { mode: 0o600 });
    return { certificate, key };
  };
  const authority = createAuthority('rtc-test-cluster');
  const frontProxy = createAuthority('rtc-test-cluster-front-proxy');
  write('ca', authority);
  write('front-proxy-ca', frontProxy);
  write('front-proxy-client', frontProxy.issue(client('front-proxy-client')));
  write('apiserver', authority.issue(apiServerLeaf(addresses)));
  write('kubelet-client', authority.issue(client('kube-apiserver-kubelet-client', masters)));
  const admin = write('admin', authority.issue(client('kubernetes-admin', masters)));
  writeTokenKeys(dir);
  const writeConfig = (file: string, leaf: LeafOptions): void =>
    writeFileSync(
      join(dir, `${file}.kubeconfig`),
      kubeconfig({
        server: addresses.apiServer,
        authority: authority.certificate,
        user: leaf.subject.commonName,
        credentials: authority.issue(leaf),
      }),
      { mode: 0o600 },
    );
  for (const name of ['controller-manager', 'scheduler', 'proxy'])
    writeConfig(name, client(`system:kube-${name}`));
  writeConfig('dns', client('system:coredns'));
  for (const { name, address } of nodes) {
    const subject = { commonName: `system:node:${name}`, organization: 'system:nodes' };
    writeConfig(name, { subject, usage: 'client' });
    write(`${name}-serving`, authority.issue({ subject, usage: 'server', names: [name, address] }));
  }
  return { dir, authority, admin };
}

function client(commonName: string, organization?: string): LeafOptions {
  const subject = organization === undefined ? { commonName } : { commonName, organization };
  return { subject, usage: 'client' };
}

function apiServerLeaf({ controlPlane, kubernetesService }: Addresses): LeafOptions {
  const service = 'kubernetes.default.svc.cluster.local';
  const labels = service.split('.');
  const names = [1, 2, 3, labels.length].map((count) => labels.slice(0, count).join('.'));
  return {
    subject: { commonName: 'kube-apiserver' },
    usage: 'server',
    names: [...names, 'localhost', '127.0.0.1', controlPlane, kubernetesService],
  };
}

function writeTokenKeys(dir: string): void {
  const keys = createTokenKeys();
  writeFileSync(join(dir, 'tokens.pub'), keys.publicKey);
  writeFileSync(join(dir, 'tokens.key'), keys.privateKey, { mode: 0o600 });
}
