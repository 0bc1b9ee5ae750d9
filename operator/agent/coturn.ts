/** The coturn beside us: its process, which version it is, what it answers, which certificate it serves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { turnPaths } from '../desired/turn/names.ts';
import type { AgentSettings } from '../desired/turn/settings.ts';
import { TurnClient } from '../facts/turn/client.ts';

/** Its process number; undefined: it does not run. */
export function coturnPid(run: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(run, turnPaths.pidFile), 'utf8'));
    // The file stays behind, and the number may be somebody else's by now.
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'turnserver' ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** It tells nobody its version unless told to, and then everybody; its program holds it. Undefined: not readable. */
export function coturnVersion(pid: number): string | undefined {
  try {
    return /Coturn-(\d+\.\d+\.\d+)/.exec(readFileSync(`/proc/${pid}/exe`, 'latin1'))?.[1];
  } catch {
    return undefined;
  }
}

const patienceMs = 1_000;

/** Why it does not answer a Binding request; undefined when it does. */
export async function silenceOf(host: string, { ports }: AgentSettings): Promise<string | undefined> {
  const transport = ports.udp === undefined ? 'tcp' : 'udp';
  const port = ports.udp ?? ports.tcp ?? 0;
  try {
    const client = await TurnClient.open({ server: { host, port, transport }, timeoutMs: patienceMs });
    await client.binding().finally(() => client.close());
    return undefined;
  } catch (error) {
    return `coturn does not answer on ${transport} ${host}:${port}: ${(error as Error).message}`;
  }
}

/** What a handshake showed. */
export interface ServedCertificate {
  /** SHA-256, as `X509Certificate` writes it. */
  readonly fingerprint: string;
  /** ISO 8601. */
  readonly notAfter: string;
}

/** The certificate that clients get; whether they trust it is not our question. Rejects without a handshake. */
export async function servedCertificate(host: string, port: number): Promise<ServedCertificate> {
  const socket = connect({ host, port, rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(patienceMs) });
    const { fingerprint256, valid_to: validTo } = socket.getPeerCertificate();
    return { fingerprint: fingerprint256, notAfter: new Date(validTo).toISOString() };
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}
