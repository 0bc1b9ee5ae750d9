/** A replica that stands by was asked: from inside the one that leads is asked instead; outside it is named, with the command. */
import type { ObjectKey } from '../kube/api.ts';
import * as resources from '../kube/resources.ts';
import { CliError } from './io.ts';
import type { Session } from './session.ts';

/** HTTP status of a replica that stands by. */
export const standsBy = 409;

/** How long another pod may take to answer. */
const timeoutMs = 3_000;

/** Whom the Lease names, and what was asked for. */
export interface Instead {
  readonly pod: ObjectKey;
  readonly asked: URL;
}

/** Throws a CliError with what to type. */
export async function askInstead(session: Session, { pod, asked }: Instead): Promise<string> {
  const { namespace = '', name } = pod;
  if (session.options.isInside !== true)
    throw new CliError(
      `The replica at ${asked.origin} stands by, ${name} leads: kubectl port-forward -n ${namespace} ${name} ${asked.port || '8081'}`,
    );
  const why = await fromPod(session, pod, asked).catch((error: unknown) => messageOf(error));
  if (typeof why !== 'string') return why.text;
  throw new CliError(
    `This replica stands by, ${name} leads and is not reached from here (${why}): type it there, kubectl exec -n ${namespace} ${name} -- node /app/kubectl-rtc.mjs`,
  );
}

/** A text is why there is none. */
async function fromPod(
  { all }: Session,
  { namespace = '', name }: ObjectKey,
  asked: URL,
): Promise<string | { readonly text: string }> {
  const [pod] = await all(resources.pods, { namespace, fieldSelector: `metadata.name=${name}` });
  const { podIP } = (pod?.['status'] ?? {}) as { readonly podIP?: string };
  if (podIP === undefined) return 'it has no address';
  const url = new URL(asked);
  url.hostname = podIP.includes(':') ? `[${podIP}]` : podIP;
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  const text = await response.text();
  return response.ok ? { text } : `it answered ${response.status}: ${text.trim()}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
