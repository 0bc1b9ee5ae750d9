/**
 * What Flux's expressions say of an object that is there. The API server evaluates them: its CEL is that of Flux, and a policy
 * refuses a change that nobody makes with what they give.
 */
import type { Cluster } from '../cluster/options.ts';
import type { HealthCheckExpressions } from '../../charts/argo/flux.ts';
import { apiGroup } from '../../operator/api/rtccluster.ts';
import { eventually } from '../support/eventually.ts';

/** Of the object `KIND/NAME`. */
export type FluxHealth = (namespace: string, object: string) => Promise<'InProgress' | 'Failed' | 'Current'>;

const name = 'flux-health';
const question = `${name}/question`;

/** Resolves when the policy holds for that object. */
export async function startFluxHealth(
  cluster: Cluster,
  expressions: HealthCheckExpressions,
  [namespace, object]: readonly [string, string],
): Promise<FluxHealth> {
  for (const made of policy(expressions))
    await cluster.kubectlWithInput(JSON.stringify(made), 'create', '-f', '-');
  const said = async (...of: Parameters<FluxHealth>): Promise<string> => {
    const [where, what] = of;
    const words = ['annotate', '-n', where, what, `${question}=asked`, '--dry-run=server'];
    return cluster.kubectl(...words).catch((error: unknown) => String(error));
  };
  await eventually(async () => {
    const text = await said(namespace, object);
    return text.includes('flux says') ? undefined : `the policy says nothing: ${text}`;
  });
  return async (...of) => {
    const text = await said(...of);
    const health = /flux says (InProgress|Failed|Current)/.exec(text)?.[1];
    if (health === undefined) throw new Error(`Flux's expressions give nothing: ${text}`);
    return health as Awaited<ReturnType<FluxHealth>>;
  };
}

/** In Flux the parts of an object stand by themselves. */
function asPolicy(expression: string): string {
  return `(${expression.replaceAll(/(?<![.\w])(status|metadata)\./g, 'object.$1.')})`;
}

function policy({ inProgress, failed, current }: HealthCheckExpressions): readonly object[] {
  const [first, second, third] = [inProgress, failed, current].map(asPolicy);
  const health = `${first} ? 'InProgress' : ${second} ? 'Failed' : ${third} ? 'Current' : 'InProgress'`;
  const resources = ['rtcclusters', 'turnservers'];
  const rule = { apiGroups: [apiGroup], apiVersions: ['*'], operations: ['UPDATE'], resources };
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const asked = `'${question}' in object.metadata.?annotations.orValue({})`;
  return [
    {
      ...{ apiVersion, kind: 'ValidatingAdmissionPolicy', metadata: { name } },
      spec: {
        matchConstraints: { resourceRules: [rule] },
        matchConditions: [{ name: 'asked', expression: asked }],
        validations: [{ expression: 'false', messageExpression: `'flux says ' + (${health})` }],
      },
    },
    {
      ...{ apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name } },
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}
