/**
 * The side that is called: calls of probes run like any other, on the worker that they name, and are counted
 * nowhere, so that they neither load the figures nor hold a drain. Few at a time, and none for long.
 */
import type { Logger } from 'pino';
import type { CallMetrics } from '../call/metrics.ts';
import { noLimits } from '../call/limits.ts';
import { createCallService } from '../call/registry.ts';
import type { PluginEvent, PluginSender } from '../call/service.ts';
import type { MediaPort } from '../media/port.ts';
import type { AddressRules } from '../sdp/candidates.ts';
import { workerOf } from './callName.ts';

/** What the calls of probes are made of. */
export interface GuestsDeps {
  readonly media: MediaPort;
  readonly plugins: PluginSender;
  readonly log: Logger;
  readonly addresses: () => AddressRules;
  /** A session ends then, whoever forgot it. Default 30,000. */
  readonly lifetimeMs?: number;
}

/** See the file comment. */
export interface Guests {
  /** Takes a message of an admin's connection; false when it is about no call of a probe. */
  handle(event: PluginEvent): boolean;
  /** Sessions just now. */
  sessions(): number;
  /** Ends them. */
  close(): Promise<void>;
}

/** Sessions of probes at the same time: those of two probes. */
const mostSessions = 64;
const defaultLifetimeMs = 30_000;

/** Nothing of a probe stands in a metric of calls. */
const unmetered: CallMetrics = {
  timing: () => undefined,
  error: () => undefined,
  connection: () => undefined,
  iceFailure: () => undefined,
  limited: () => undefined,
};

/** No call yet. */
export function createGuests(deps: GuestsDeps): Guests {
  const { media, lifetimeMs = defaultLifetimeMs } = deps;
  const calls = createCallService({
    ...deps,
    log: deps.log.child({ probe: true }, { level: 'error' }),
    limits: { ...noLimits, sessions: mostSessions, sessionsPerCall: 2, tracksPerSession: 1 },
    metrics: unmetered,
    media: {
      ...media,
      openCall: (callID, report) => media.openCall(callID, report, workerOf(callID)),
      close: () => Promise.resolve(), // It is not ours.
    },
  });
  const sessions = new Set<string>();
  const handle = (event: PluginEvent): boolean => {
    if (event.type !== 'join') {
      if (!sessions.has(sessionOf(event))) return false;
      if (event.type === 'leave') sessions.delete(event.sessionID);
      calls.handle(event);
      return true;
    }
    const { callID, sessionID } = event.session;
    const worker = workerOf(callID);
    if (worker === undefined || worker >= media.workers().length) return false;
    sessions.add(sessionID);
    calls.handle(event);
    const { groupID, connID } = event;
    setTimeout(() => void handle({ type: 'leave', groupID, connID, sessionID }), lifetimeMs).unref();
    return true;
  };
  return { handle, sessions: () => calls.counts().sessions, close: () => calls.close() };
}

function sessionOf(event: Exclude<PluginEvent, { readonly type: 'join' }>): string {
  return event.type === 'rtc' ? event.message.sessionID : event.sessionID;
}
