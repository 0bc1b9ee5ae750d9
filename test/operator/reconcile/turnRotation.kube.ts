/** The secret of a TurnServer is replaced, on a real API server; agents, coturns and their kubelets are faked. Clients go on all the time. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { pods, secrets } from '../../../operator/kube/resources.ts';
import { secretHash } from '../../../operator/turn/secretHash.ts';
import type { ApiCall } from '../../cluster/apiCall.ts';
import { eventually } from '../../support/eventually.ts';
import { published, turnActsOn } from './turnActs.ts';

const acts = turnActsOn({ nodes: 3 });
beforeEach(() => acts.begin(), 60_000);
afterEach(() => acts.end(), 120_000);

const prefix = 'rtc.progressnet.gr';
const issued = 'MM_CALLS_TURN_STATIC_AUTH_SECRET';
const waiting = { timeoutMs: 60_000, intervalMs: 100 };

/** As Mattermost and its clients: credentials of what is issued now, and of all that was and has not expired. */
class Clients {
  readonly refused: string[] = [];
  /** Secrets that credentials may still be made with, or were a moment ago. */
  readonly valid = new Set<string>();
  allocations = 0;
  #isOver = false;
  #loop = Promise.resolve();

  begin(): void {
    this.#loop = this.#run();
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#loop;
  }

  #allocateOn(pod: KubeObject): void {
    for (const secret of this.valid) {
      const answer = acts.nodes.coturnOf(pod).allocate(secret);
      this.allocations++;
      if (!answer.ok) this.refused.push(`${pod.metadata.name} ${secretHash(secret)}: ${answer.reason}`);
    }
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      const { [issued]: secret = '' } = await acts.edge.secret('edge-ice-servers');
      this.valid.add(secret);
      const selection = { namespace: acts.edge.namespace, labelSelector: published, limit: 10 };
      const { items } = await acts.stage.kube.list(pods, selection);
      items.forEach((pod) => this.#allocateOn(pod));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const isWrite = ({ verb, resource }: ApiCall): boolean =>
  /^(create|update|patch|delete)$/.test(verb) && !/^(events|leases)$/.test(resource);

/**
 * Runs operators one after the other from `act` on: each gets one write done, never hears of it, and dies.
 * Resolves to the number of writes.
 */
async function dying(act: () => Promise<unknown>, isOver: () => Promise<boolean>): Promise<number> {
  for (let deaths = 0; ; deaths++) {
    let isDone = false;
    const lift = acts.stage.proxy.fail({ kind: 'loseAnswer' }, (call) => {
      const isFirst = isWrite(call) && !isDone;
      isDone ||= isFirst;
      return isFirst;
    });
    const silence = acts.stage.proxy.fail({ kind: 'cut' }, (call) => isWrite(call) && isDone);
    if (deaths === 0) await act();
    await eventually(async () => ((await isOver()) || isDone ? undefined : 'nothing is written'), waiting);
    await acts.operator.stop();
    [lift, silence].forEach((end) => end());
    acts.startAgain();
    if (await isOver()) return deaths + Number(isDone);
  }
}

const contents = (): Promise<Readonly<Record<string, string>>> => acts.edge.secret('edge-turn');

/** Time passes: what was noted was noted an hour ago. */
async function anHourLater(): Promise<void> {
  const past = new Date(Date.now() - 3_600_000).toISOString();
  const annotations = { [`${prefix}/turn-switched`]: past, [`${prefix}/turn-adopted`]: past };
  const key = { namespace: acts.edge.namespace, name: 'edge-turn' };
  await acts.stage.kube.mergePatch(secrets, key, { metadata: { annotations } });
}

const notedAs = async (annotation: string): Promise<boolean> => {
  const key = { namespace: acts.edge.namespace, name: 'edge-turn' };
  const { metadata } = await acts.stage.kube.get(secrets, key);
  return metadata.annotations?.[`${prefix}/${annotation}`] !== undefined;
};

describe('a rotation', () => {
  test('refuses nobody although the operator dies after each write, and then no credential of the old secret passes', async () => {
    await acts.edge.apply({ auth: { credentialTTLSeconds: 300 } });
    await acts.edge.untilPods(2, published);
    await acts.edge.untilCondition('Ready', /^True/);
    const { secret: old = '' } = await contents();
    const clients = new Clients();
    clients.begin();
    const rotate = (): Promise<unknown> => acts.edge.annotate({ [`${prefix}/turn-rotate`]: 'monday' });
    const deaths = await dying(rotate, () => notedAs('turn-switched'));
    const { secret = '', previous } = await contents();
    expect(previous).toBe(old);
    await acts.edge.untilStage('Overlapping');
    await eventually(async () => {
      const { waitingFor = [] } = (await acts.edge.status()).secrets ?? {};
      const isAsked = waitingFor.some((one) => one.includes(`turn-ack=${secretHash(secret)}`));
      return isAsked ? undefined : waitingFor.join('; ');
    }, waiting);
    await acts.edge.annotate({ [`${prefix}/turn-ack`]: secretHash(secret) });
    await eventually(async () => ((await notedAs('turn-adopted')) ? undefined : 'not adopted'), waiting);
    clients.valid.delete(old);
    const later = await dying(anHourLater, async () => (await contents())['previous'] === undefined);
    await acts.edge.untilStage('Stable');
    await eventually(() => {
      const taking = [...acts.nodes.coturns.values()].filter((coturn) => coturn.allocate(old).ok);
      return taking.length === 0 ? undefined : `${taking.length} coturns take the old secret`;
    }, waiting);
    await clients.end();
    expect(clients.refused).toEqual([]);
    expect(clients.allocations).toBeGreaterThan(50);
    // The next secret, a nudge for each pod, the switch; then the end of the old one.
    expect(deaths).toBeGreaterThan(3);
    expect(later).toBeGreaterThan(0);
    expect((await contents())['secret']).toBe(secret);
  }, 240_000);

  test('waits for a Mattermost that was started before, and names it', async () => {
    const { kube } = acts.stage;
    const key = { namespace: acts.edge.namespace, name: 'mattermost' };
    await acts.two();
    const env = [{ secretRef: { name: 'edge-ice-servers' } }];
    const containers = [{ name: 'app', image: 'mattermost', envFrom: env }];
    await kube.create(pods, { apiVersion: 'v1', kind: 'Pod', metadata: key, spec: { containers } });
    const startedAt = async (time: Date): Promise<void> => {
      const state = { running: { startedAt: time.toISOString() } };
      const app = { name: 'app', image: 'x', imageID: 'x', ready: true, restartCount: 0, state };
      const status = { phase: 'Running', containerStatuses: [app] };
      await kube.mergePatch(pods, { ...key, subresource: 'status' }, { status });
    };
    await startedAt(new Date());
    await acts.edge.annotate({ [`${prefix}/turn-rotate`]: 'monday' });
    await acts.edge.untilStage('Overlapping');
    await eventually(async () => {
      const { waitingFor = [] } = (await acts.edge.status()).secrets ?? {};
      const isNamed = waitingFor.some((one) => one.includes(`${key.namespace}/mattermost`));
      return isNamed ? undefined : waitingFor.join('; ');
    }, waiting);
    expect(await notedAs('turn-adopted')).toBe(false);
    await startedAt(new Date(Date.now() + 60_000));
    await eventually(async () => ((await notedAs('turn-adopted')) ? undefined : 'not adopted'), waiting);
  }, 120_000);

  test('leaves no secret in any event, status, annotation or log', async () => {
    await acts.two();
    const before = await contents();
    await acts.edge.annotate({ [`${prefix}/turn-rotate`]: 'monday' });
    await acts.edge.untilStage('Overlapping');
    const after = await contents();
    const agent = await acts.edge.secret('edge-turn-agent');
    const words = [...new Set([before, after, agent].flatMap((data) => Object.values(data)))];
    expect(words.length).toBeGreaterThan(3);
    const kinds = 'turnservers,pods,configmaps,services,poddisruptionbudgets,events';
    const said = await eventuallySaid(() =>
      acts.stage.cluster.kubectl('get', kinds, '-n', acts.edge.namespace, '-o', 'yaml'),
    );
    const encoded = words.map((word) => Buffer.from(word).toString('base64'));
    for (const word of [...words, ...encoded]) {
      expect(said.includes(word)).toBe(false);
      expect(acts.log.some((line) => line.includes(word))).toBe(false);
    }
    expect(acts.log.some((line) => line.includes('SecretSwitched'))).toBe(true);
  }, 60_000);
});

/** Events are written a moment after what they tell of. */
async function eventuallySaid(look: () => Promise<string>): Promise<string> {
  let said = '';
  await eventually(async () => {
    said = await look();
    return said.includes('SecretSwitched') ? undefined : 'no event of the switch';
  }, waiting);
  return said;
}
