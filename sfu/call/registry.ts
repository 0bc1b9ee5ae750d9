/** Group → call → session: finds the actor of an event, opens calls and forgets them when they are empty. */
import type { Logger } from 'pino';

import type { MediaPort } from '../media/port.ts';
import { createBoundedLog } from '../ops/boundedLog.ts';
import type { AddressRules } from '../sdp/candidates.ts';
import { type CallActor, createCallActor } from './actor.ts';
import { countCalls, sentKindsOf } from './counts.ts';
import { type CallLimits, type JoinRefusal, joinRefusal, type Occupancy } from './limits.ts';
import type { CallMetrics } from './metrics.ts';
import type { CallService, PluginEvent, PluginSender } from './service.ts';
import { type Clock, processClock } from './timers.ts';

/** What calls are built from. */
export interface CallServiceDeps {
  readonly media: MediaPort;
  readonly plugins: PluginSender;
  readonly log: Logger;
  readonly limits: CallLimits;
  /** Asked at every event, used when a transport opens: changes count from the next join on. */
  readonly addresses: () => AddressRules;
  readonly metrics: CallMetrics;
  /** Default: the process's own clock. */
  readonly clock?: Clock;
}

/** One client's calls. Session IDs are looked up within the group, so no client reaches another's sessions. */
interface Group {
  readonly calls: Map<string, CallActor>;
  /** The call of each session. */
  readonly sessions: Map<string, string>;
}

type Join = Extract<PluginEvent, { readonly type: 'join' }>;

/** The calls of this process, ready to take plugin events. `close()` closes `media` too. */
export function createCallService(deps: CallServiceDeps): CallService {
  const registry = new Registry(deps);
  return {
    handle: (event) => (event.type === 'join' ? registry.join(event) : registry.forward(event)),
    sessionsOf: (groupID, callID) => registry.sessionsOf(groupID, callID),
    counts: () => countCalls(registry.calls().map((actor) => actor.call())),
    sentKinds: () => sentKindsOf(registry.calls().map((actor) => actor.call())),
    close: async () => {
      registry.endAll('the server stops');
      await deps.media.close();
    },
  };
}

class Registry {
  readonly #deps: CallServiceDeps;
  readonly #groups = new Map<string, Group>();
  readonly #lines = createBoundedLog();

  constructor(deps: CallServiceDeps) {
    this.#deps = deps;
  }

  calls(): CallActor[] {
    return [...this.#groups.values()].flatMap((group) => [...group.calls.values()]);
  }

  sessionsOf(groupID: string, callID: string): ReturnType<CallService['sessionsOf']> {
    const group = this.#groups.get(groupID);
    if (group === undefined) return 'group not found';
    const call = group.calls.get(callID)?.call();
    return call === undefined
      ? 'call not found'
      : [...call.sessions.values()].map((session) => session.config);
  }

  join(event: Join): void {
    const { groupID, connID, session: config } = event;
    const { callID, sessionID } = config;
    const before = this.#groups.get(groupID)?.sessions.get(sessionID);
    if (before !== undefined && before !== callID) this.#end(groupID, sessionID, 'joined another call');
    const refusal =
      before === callID ? undefined : joinRefusal(this.#deps.limits, this.#occupancy(groupID, callID));
    if (refusal !== undefined) {
      this.#refuse(event, refusal);
      return;
    }
    const group = this.#group(groupID);
    const actor = group.calls.get(callID) ?? this.#open(groupID, callID);
    group.calls.set(callID, actor);
    group.sessions.set(sessionID, callID);
    actor.post({ type: 'join', connID, config: { ...config, groupID } });
  }

  forward(event: Exclude<PluginEvent, Join>): void {
    const { groupID, connID } = event;
    const sessionID = event.type === 'rtc' ? event.message.sessionID : event.sessionID;
    const actor = this.#find(groupID, sessionID);
    if (actor === undefined) {
      this.#deps.log.debug({ groupID, sessionID, reason: 'no such session' }, 'Ignored message');
      return;
    }
    if (event.type === 'rtc') actor.post({ type: 'rtc', connID, message: event.message });
    else if (event.type === 'leave') actor.post({ type: 'leave', sessionID });
    else actor.post({ type: 'reconnect', connID, sessionID });
  }

  endAll(reason: string): void {
    for (const [groupID, group] of this.#groups)
      for (const sessionID of [...group.sessions.keys()]) this.#end(groupID, sessionID, reason);
  }

  #find(groupID: string, sessionID: string): CallActor | undefined {
    const group = this.#groups.get(groupID);
    const callID = group?.sessions.get(sessionID);
    return callID === undefined ? undefined : group?.calls.get(callID);
  }

  #end(groupID: string, sessionID: string, reason: string): void {
    this.#find(groupID, sessionID)?.post({ type: 'end', sessionID, reason });
  }

  #group(groupID: string): Group {
    const group = this.#groups.get(groupID) ?? { calls: new Map(), sessions: new Map() };
    this.#groups.set(groupID, group);
    return group;
  }

  #open(groupID: string, callID: string): CallActor {
    const { clock = processClock } = this.#deps;
    const forget = (sessionID: string): void => this.#forget(groupID, callID, sessionID);
    return createCallActor({ ...this.#deps, groupID, callID, clock, forget });
  }

  /** A session has ended: with the last one go the call and the group. */
  #forget(groupID: string, callID: string, sessionID: string): void {
    const group = this.#groups.get(groupID);
    const actor = group?.calls.get(callID);
    if (group === undefined || actor === undefined) return;
    group.sessions.delete(sessionID);
    if (actor.call().sessions.size > 0) return;
    actor.close();
    group.calls.delete(callID);
    if (group.calls.size === 0) this.#groups.delete(groupID);
  }

  #occupancy(groupID: string, callID: string): Occupancy {
    const group = this.#groups.get(groupID);
    return {
      sessions: [...this.#groups.values()].reduce((sum, { sessions }) => sum + sessions.size, 0),
      inCall: group?.calls.get(callID)?.call().sessions.size ?? 0,
      ofClient: group?.sessions.size ?? 0,
      callsOfClient: group?.calls.size ?? 0,
    };
  }

  #refuse({ groupID, connID, session: { callID, sessionID } }: Join, refusal: JoinRefusal): void {
    const { limit, reason } = refusal;
    this.#lines.say(`${groupID} ${reason}`, (more) =>
      this.#deps.log.warn({ groupID, callID, sessionID, reason, ...more }, 'Refused join'),
    );
    this.#deps.metrics.limited(groupID, limit);
    this.#deps.plugins.send({ groupID, connID }, { type: 'close', sessionID });
  }
}
