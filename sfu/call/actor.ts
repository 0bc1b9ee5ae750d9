/** One queue for each call: an event is decided, its effects are carried out, then comes the next. */
import type { Logger } from 'pino';

import type { MediaPort } from '../media/port.ts';
import type { AddressRules } from '../sdp/candidates.ts';
import { decide } from './decide/decide.ts';
import type { Effect } from './effects.ts';
import type { CallEvent } from './events.ts';
import { createDataGate, floodReason } from './dataGate.ts';
import type { CallLimits } from './limits.ts';
import type { CallMetrics } from './metrics.ts';
import type { PluginSender } from './service.ts';
import { type Call, emptyCall, withoutSession } from './state.ts';
import type { Clock, CallTimers } from './timers.ts';
import { createTimers } from './timers.ts';

/** A call that is alive. */
export interface CallActor {
  /** The call as it stands. */
  readonly call: () => Call;
  /** Takes an event. Never throws. Carried out before it returns, unless called from an effect. */
  post(event: CallEvent): void;
  /** Closes the call's media and timers. Idempotent. */
  close(): void;
}

/** What carries out a call's effects. */
export interface CallActorDeps {
  readonly groupID: string;
  readonly callID: string;
  readonly media: MediaPort;
  readonly plugins: PluginSender;
  readonly log: Logger;
  readonly addresses: () => AddressRules;
  readonly metrics: CallMetrics;
  readonly clock: Clock;
  readonly limits: CallLimits;
  /** A session has ended. */
  readonly forget: (sessionID: string) => void;
}

/** Opens a call that nobody has joined yet. */
export function createCallActor(deps: CallActorDeps): CallActor {
  const queue: CallEvent[] = [];
  const state = { call: emptyCall(deps.groupID, deps.callID), isBusy: false };
  const post = (event: CallEvent): void => {
    queue.push(event);
    if (state.isBusy) return;
    state.isBusy = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) handle(next);
    } finally {
      state.isBusy = false; // Whatever nobody could handle, the next event finds a call that goes on.
    }
  };
  const { groupID, metrics, limits, clock } = deps;
  const log = deps.log.child({ callID: deps.callID });
  const gate = createDataGate({
    groupID,
    metrics,
    log,
    messagesPerSecond: limits.dataMessagesPerSecond,
    nowMs: () => clock.nowMs(),
  });
  const media = deps.media.openCall(deps.callID, (event) => {
    if (event.type !== 'dataReceived') {
      post(event);
      return;
    }
    const { sessionID, data } = event;
    if (!state.call.sessions.has(sessionID)) return; // It has left: there is nobody to be weighed.
    const admission = gate.admit(sessionID, data.length);
    if (admission === 'take') post(event);
    else if (admission === 'end session')
      post({ type: 'end', sessionID, reason: floodReason(limits.dataMessagesPerSecond) });
  });
  const timers = createTimers(deps.clock, (sessionID, timer) =>
    post({ type: 'timerFired', sessionID, timer }),
  );
  const forget = (sessionID: string): void => {
    gate.forget(sessionID);
    deps.forget(sessionID);
  };
  const run = createRunner({ ...deps, media, timers, log, forget });
  const handle = (event: CallEvent): void => {
    try {
      const { call, effects } = decide(state.call, event, {
        nowMs: deps.clock.nowMs(),
        addresses: deps.addresses(),
        ...(limits.tracksPerSession > 0 ? { tracksPerSession: limits.tracksPerSession } : {}),
      });
      state.call = call;
      for (const effect of effects) run(effect);
    } catch (error) {
      deps.log.error({ callID: deps.callID, event: event.type, err: error }, 'Event failed');
      const sessionID = sessionOf(event);
      if (sessionID !== undefined) end(sessionID, event);
    }
  };
  /** Whoever an event fails for is taken out: by a decision where one is possible, else by hand. */
  const end = (sessionID: string, event: CallEvent): void => {
    const session = state.call.sessions.get(sessionID);
    if (session !== undefined && event.type !== 'end') {
      queue.push({ type: 'end', sessionID, reason: `event ${event.type} failed inside the server` });
      return;
    }
    const connID = session?.connID ?? (event.type === 'join' ? event.connID : undefined);
    state.call = withoutSession(state.call, sessionID);
    run({ type: 'media', command: { type: 'closeTransport', sessionID } });
    if (connID !== undefined) run({ type: 'send', connID, message: { type: 'close', sessionID } });
    run({ type: 'forget', sessionID });
  };
  return {
    call: () => state.call,
    post,
    close: () => {
      timers.clear();
      media.close();
    },
  };
}

interface RunnerDeps extends Omit<CallActorDeps, 'media'> {
  readonly media: ReturnType<MediaPort['openCall']>;
  readonly timers: CallTimers;
}

function createRunner(deps: RunnerDeps): (effect: Effect) => void {
  const { groupID, log, metrics, timers } = deps;
  const runners: { readonly [T in Effect['type']]: (effect: Extract<Effect, { readonly type: T }>) => void } =
    {
      media: ({ command }) => deps.media.run(command),
      send: ({ connID, message }) => {
        if (!deps.plugins.send({ groupID, connID }, message))
          log.debug({ connID, message: message.type }, 'Message reached no plugin');
      },
      startTimer: ({ sessionID, timer, delayMs }) => timers.start({ sessionID, timer, delayMs }),
      cancelTimer: ({ sessionID, timer }) => timers.cancel(sessionID, timer),
      forget: ({ sessionID }) => {
        timers.cancelAll(sessionID);
        deps.forget(sessionID);
      },
      timing: ({ timing, value }) => metrics.timing(groupID, timing, value),
      error: ({ error }) => metrics.error(groupID, error),
      connection: ({ state }) => metrics.connection(state),
      iceFailure: ({ cause }) => metrics.iceFailure(cause),
      limited: ({ limit }) => metrics.limited(groupID, limit),
      log: ({ level, fields, text }) => log[level](fields, text),
    };
  return (effect) => (runners[effect.type] as (effect: Effect) => void)(effect);
}

function sessionOf(event: CallEvent): string | undefined {
  if (event.type === 'join') return event.config.sessionID;
  if (event.type === 'rtc') return event.message.sessionID;
  return 'sessionID' in event ? event.sessionID : undefined;
}
