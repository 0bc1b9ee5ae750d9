/** The operator installed by its chart, from its image, as a user installs it. */
import { join } from 'node:path';
import type { ToolRunner } from '../cluster/toolRunner.ts';

const chart = join(import.meta.dirname, '../../charts/rtc-operator');

/** Under which name the chart is installed. */
export const releaseName = 'rtc-operator';

/** And where. */
export const releaseNamespace = 'rtc-system';

/** References of the two images. */
export interface ImageRefs {
  readonly operator: string;
  readonly sfu: string;
}

/** `helm upgrade --install --wait`. Returns what helm printed. */
export async function installOperator(
  tools: Pick<ToolRunner, 'helm'>,
  refs: ImageRefs,
  helmVersion: 3 | 4 = 4,
): Promise<string> {
  const place = ['--namespace', releaseNamespace, '--create-namespace', '--wait', '--timeout', '120s'];
  return tools.helm(
    helmVersion,
    'upgrade',
    '--install',
    releaseName,
    chart,
    ...place,
    '--set',
    imageValues(refs).join(','),
  );
}

/** Ends the operator, if it is there; custom resources and what they own stay. */
export async function uninstallOperator(tools: Pick<ToolRunner, 'helm'>): Promise<void> {
  await tools.helm(
    4,
    'uninstall',
    releaseName,
    '--namespace',
    releaseNamespace,
    '--wait',
    '--ignore-not-found',
  );
}

/** Whether a release of this name is there, in whatever state: helm 4 lists them all. */
export async function isOperatorInstalled(tools: Pick<ToolRunner, 'helm'>): Promise<boolean> {
  const names = await tools.helm(4, 'list', '--namespace', releaseNamespace, '--short');
  return names.split('\n').includes(releaseName);
}

/** Values of the chart, for `--set`, that put two images in place of the published ones. */
export function imageValues(refs: ImageRefs): string[] {
  const values = (key: string, ref: string): string[] => {
    const colon = ref.lastIndexOf(':');
    return [`${key}.repository=${ref.slice(0, colon)}`, `${key}.tag=${ref.slice(colon + 1)}`];
  };
  return [...values('image', refs.operator), ...values('sfuImage', refs.sfu)];
}
