/** A server of calls on the real media worker, with a plugin made of plain functions around it. */
import { pino } from 'pino';

import { noLimits } from '../../../sfu/call/limits.ts';
import { createCallService } from '../../../sfu/call/registry.ts';
import type { CallService, SessionConfig } from '../../../sfu/call/service.ts';
import { createMediaPort, type MediaOptions } from '../../../sfu/media/mediasoup.ts';
import type { Clock } from '../../../sfu/call/timers.ts';
import type { MediaPort } from '../../../sfu/media/port.ts';
import { processCpu } from '../../../sfu/ops/processes.ts';
import { type RtcMessage, rtcMessageType, type ServerMessage } from '../../../sfu/protocol/messages.ts';
import { workerBinary } from '../../../sfu/worker/locate.ts';
import { freePort } from '../../support/ports.ts';

/** The plugin's side of one session. */
export interface PluginSession {
  readonly sessionID: string;
  /** Everything that the server sent about this session, in order. */
  readonly received: ServerMessage[];
  /** Called for each of them. */
  onMessage: (message: ServerMessage) => void;
  /** Sends an `rtc` message: `data` is JSON. */
  send(type: number, data?: unknown): void;
  leave(): void;
}

/** What a join may say of the client. Default: neither. */
export interface JoinProps {
  readonly dcSignaling?: boolean;
  readonly av1Support?: boolean;
}

/** A running server. */
export interface Harness {
  readonly service: CallService;
  readonly media: MediaPort;
  /** Lines of the server's log, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  readonly metrics: readonly string[];
  join(callID: string, sessionID: string, props?: JoinProps): PluginSession;
  close(): Promise<void>;
}

/** What a test may want otherwise. */
export interface HarnessOptions {
  /** Default 127.0.0.1 alone. */
  readonly addresses?: readonly string[];
  /** Default 1. */
  readonly workers?: number;
  /** Default: what the system says. */
  readonly cpuUseOf?: MediaOptions['cpuUseOf'];
  readonly sampleIntervalMs?: number;
  /** Default: the server's own. */
  readonly packetIntervalMs?: number;
  /** Default: the process's own. */
  readonly clock?: Clock;
}

/** Starts a server on a port that is free. */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const log: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'debug' },
    { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const listen = {
    addresses: options.addresses ?? ['127.0.0.1'],
    port: await freePort({ count: options.workers ?? 1 }),
  };
  const media = await createMediaPort({
    workerBin: workerBinary(),
    workers: options.workers ?? 1,
    cpuUseOf: options.cpuUseOf ?? processCpu,
    sampleIntervalMs: options.sampleIntervalMs ?? 1_000,
    ...(options.packetIntervalMs === undefined ? {} : { packetIntervalMs: options.packetIntervalMs }),
    listen: { udp: listen, tcp: listen },
    log: logger,
  });
  const metrics: string[] = [];
  const sessions = new Map<string, PluginSession>();
  const service = createCallService({
    media,
    log: logger,
    limits: noLimits,
    addresses: () => ({ kind: 'local' }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    plugins: {
      send: (_to, message) => {
        const session = sessions.get(sessionOf(message));
        session?.received.push(message);
        session?.onMessage(message);
        return session !== undefined;
      },
    },
    metrics: {
      timing: (_group, timing) => void metrics.push(timing),
      error: (_group, error) => void metrics.push(error),
      connection: (state) => void metrics.push(state),
      iceFailure: (cause) => void metrics.push(`ice ${cause}`),
      limited: (_group, limit) => void metrics.push(`limited ${limit}`),
    },
  });
  const join = (callID: string, sessionID: string, props = {}): PluginSession => {
    const session = pluginSession(service, sessionID);
    sessions.set(sessionID, session);
    service.handle({
      type: 'join',
      groupID: 'group',
      connID: 'conn',
      session: config(callID, sessionID, props),
    });
    return session;
  };
  return { service, media, log, metrics, join, close: () => service.close() };
}

/** The description in an `rtc` message, else undefined. */
export function descriptionOf(message: ServerMessage): { type: 'offer' | 'answer'; sdp: string } | undefined {
  if (message.type !== 'rtc' || message.message.type !== rtcMessageType.sdp) return undefined;
  const text = Buffer.from(message.message.data ?? []).toString('utf8');
  return JSON.parse(text) as { type: 'offer' | 'answer'; sdp: string };
}

function config(
  callID: string,
  sessionID: string,
  { dcSignaling = false, av1Support = false }: JoinProps,
): SessionConfig {
  return {
    groupID: 'group',
    callID,
    userID: `user-${sessionID}`,
    sessionID,
    props: { channelID: 'channel', av1Support, dcSignaling },
  };
}

function pluginSession(service: CallService, sessionID: string): PluginSession {
  const at = { groupID: 'group', connID: 'conn' };
  return {
    sessionID,
    received: [],
    onMessage: () => undefined,
    send: (type, data) => {
      const ids = { groupID: '', userID: '', callID: '', sessionID, type };
      const message: RtcMessage =
        data === undefined ? ids : { ...ids, data: Buffer.from(JSON.stringify(data)) };
      service.handle({ type: 'rtc', ...at, message });
    },
    leave: () => service.handle({ type: 'leave', ...at, sessionID }),
  };
}

function sessionOf(message: ServerMessage): string {
  if (message.type === 'hello') return '';
  return message.type === 'close' ? message.sessionID : message.message.sessionID;
}
