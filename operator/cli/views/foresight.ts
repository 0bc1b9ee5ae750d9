/** PURE: the record of a cluster and a request → what the operator will make of it, by the very function that decides. */
import { turnServerSchema } from '../../api/turnserver.ts';
import { annotations } from '../../desired/names.ts';
import { timeoutMs } from '../../fleet/deadline.ts';
import type { Member } from '../../fleet/members.ts';
import type { PodView } from '../../fleet/pod.ts';
import type { KubeObject } from '../../kube/api.ts';
import type { ClusterRecord } from '../../record/record.ts';
import { intentOf } from '../../reconcile/intent.ts';
import { asFleet } from '../../turn/asFleet.ts';
import { manager } from '../manager.ts';
import { durationText, timeText } from '../text.ts';
import { useOf, useText } from './pods.ts';
import type { Ask } from './request.ts';

/** A sentence for each of these pods; none for those that the record does not know. */
export function foretold(record: ClusterRecord, pods: readonly string[], ask: Ask): string[] {
  const { observed, settings, history } = record;
  if (!observed.cluster.ok) return [];
  const views = observed.views.map((view) => (pods.includes(view.name) ? asked(view, ask) : view));
  const context = { ...settings, history, random: () => 'redacted' };
  const { decision } = intentOf({ ...observed, views }, observed.cluster.value, context);
  const members = decision.members.filter(({ pod }) => pods.includes(pod.name)).map(sentence);
  const gone = decision.deletions
    .filter(({ pod }) => pods.includes(pod.name))
    .map(({ pod, message }) => `${pod.name} goes at once: ${message}`);
  return [...members, ...gone];
}

/** The same for coturns, of which there are no records: what holds by the spec. */
export function coturnForetold(owner: KubeObject, pods: readonly string[], ask: Ask): string[] {
  const server = turnServerSchema.safeParse(owner).data;
  if (server === undefined || ask.verb !== 'drain') return [];
  const afterMs = timeoutMs(asFleet(server, 0).spec.drain, 'Requested');
  const until =
    afterMs === undefined
      ? 'It waits for its allocations as long as they last'
      : `It goes ${durationText(afterMs)} after its drain began at the latest, with the allocations it still has`;
  return pods.map(
    (pod) =>
      `${pod} takes no new allocations once another TURN server can take its place. ${until}. A coturn cannot take a drain back: another pod takes its place`,
  );
}

function asked(view: PodView, { isBack, state }: Ask): PodView {
  const others = Object.entries(view.marks).filter(([mark]) => mark !== 'requested');
  const marks = Object.fromEntries(others) as unknown as PodView['marks'];
  return { ...view, marks: isBack ? marks : { ...marks, requested: { text: state, by: manager } } };
}

function sentence(member: Member): string {
  const { pod, state, message = '', deadlineMs, drain } = member;
  const until =
    drain === undefined
      ? ''
      : deadlineMs === undefined
        ? `. No deadline: it waits for its calls as long as they last; annotation ${annotations.drainDeadline} sets one`
        : `. At the latest at ${timeText(deadlineMs)} it goes with the calls it still has`;
  return `${pod.name} (${useText(useOf(pod))}) will be ${state}: ${message}${until}`;
}
