/** What is told of an object that the operator has not listed: that there is none, only when that is known. */
import { afterEach, expect, test } from '@jest/globals';
import { createOperator, type Operator } from '../../../operator/app.ts';
import { loadConfig } from '../../../operator/config.ts';
import type { KubeApi, ListPage, Resource } from '../../../operator/kube/api.ts';
import type { KubeClient } from '../../../operator/kube/client.ts';
import { ForbiddenError } from '../../../operator/kube/errors.ts';
import { createMetrics } from '../../../operator/ops/metrics.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import { recordAnswer } from '../../../operator/ops/records.ts';
import { eventually } from '../../support/eventually.ts';

const path = { RTCCluster: '/clusters/team/calls', TurnServer: '/turnservers/team/calls' } as const;
type Kind = keyof typeof path;
const kinds = Object.keys(path) as Kind[];

let operator: Operator;
afterEach(() => operator.stop());

/** Runs before an API server that says of each kind what `answer` does; there is one object of each kind of ours. */
function start(answer: (resource: Resource) => Promise<void> | undefined): void {
  const list = async ({ group, version, kind }: Resource): Promise<ListPage> => {
    await answer({ group, version, kind } as Resource);
    const metadata = { namespace: 'team', name: 'calls', uid: kind, resourceVersion: '1' };
    const object = { apiVersion: `${group}/${version}`, kind, metadata, spec: {} };
    const isOurs = kind === 'RTCCluster' || kind === 'TurnServer';
    return { items: isOurs ? [object] : [], resourceVersion: '1', continueToken: '' };
  };
  const kube = {
    list,
    async *watch(_resource: Resource, _selection: unknown, signal: AbortSignal) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      yield* [];
    },
  } as unknown as KubeApi;
  const flags = ['--sfu-image=sfu', '--watch-namespaces=team', '--log-level=silent'];
  operator = createOperator({
    config: loadConfig([...flags, '--leader-election=false'], {}),
    client: { api: () => kube } as unknown as KubeClient,
    ...{ log: silentLog, metrics: createMetrics(), onLost: () => undefined },
  });
  operator.start();
}

const told = (kind: Kind): string => {
  const { status, text } = recordAnswer(operator.records, path[kind])!;
  return status === 200 ? '200' : `${status} ${text}`;
};
const until = (kind: Kind, expected: RegExp): Promise<void> =>
  eventually(() => (expected.test(told(kind)) ? undefined : told(kind)));

test.each(kinds.flatMap((kind) => [[kind, kind] as const, [kind, 'Pod'] as const]))(
  'nobody says that there is no %s while that, or its %s, is not listed yet',
  async (kind, slow) => {
    const listed = Promise.withResolvers<undefined>();
    start((resource) => (resource.kind === slow ? listed.promise : undefined));
    await until(kind, /^503 nothing can be told of .* team\/calls yet: .*not listed yet.*Ask again/);
    listed.resolve(undefined);
    await until(kind, /^200$/);
  },
);

test.each(kinds)('a %s in a namespace that is not watched is not served, and why is said', (kind) => {
  start(() => undefined);
  const elsewhere = path[kind].replace('team', 'other');
  expect(recordAnswer(operator.records, elsewhere)).toEqual({
    status: 404,
    text: `no ${kind} other/calls that this operator serves: see its watchNamespaces`,
  });
});

test('TurnServers that the operator may not list are told of with the right that lacks', async () => {
  const no = { call: 'list', status: 403, reason: 'Forbidden', message: 'no' };
  start(({ kind }) => (kind === 'TurnServer' ? Promise.reject(new ForbiddenError(no)) : undefined));
  await until('TurnServer', /^503 .*: The operator may not list turnservers here/);
});
