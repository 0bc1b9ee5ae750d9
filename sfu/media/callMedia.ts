/** The media of one call: its sessions, wherever they are. Commands in, events out. */
import type { Logger } from 'pino';

import { CallSpan, type CallSpanDeps } from './callSpan.ts';
import type { MeteredTrack } from './packetMeter.ts';
import type { CallMedia, MediaCommand, MediaEvent } from './port.ts';
import { SessionMedia } from './sessionMedia.ts';

/** The media of a call, to be counted. */
export interface MeteredCallMedia extends CallMedia {
  /** Every track between its sessions and their clients. */
  tracks(): MeteredTrack[];
}

/** What a call's media needs. */
export interface CallMediaDeps {
  readonly callID: string;
  readonly choose: CallSpanDeps['choose'];
  readonly report: (event: MediaEvent) => void;
  readonly log: Logger;
  /** Its sessions are nobody's. Default: people's. */
  readonly isProbe?: boolean;
}

/** Commands that are answered by an event, or by `failed`. */
type Asked = Extract<
  MediaCommand,
  { readonly type: 'openTransport' | 'connectTransport' | 'restartIce' | 'produce' | 'consume' }
>;

/** Opens the call, on no worker yet. Never rejects: what fails is reported by the commands that need it. */
export function openCallMedia(deps: CallMediaDeps): MeteredCallMedia {
  const sessions = new Map<string, SessionMedia>();
  const state = { isClosed: false };
  const report = (event: MediaEvent): void => {
    if (!state.isClosed) deps.report(event);
  };
  const span = new CallSpan({ choose: deps.choose, report, isProbe: deps.isProbe === true });

  const openSession = (sessionID: string): Promise<void> => {
    const session = new SessionMedia(sessionID, report);
    sessions.get(sessionID)?.close();
    sessions.set(sessionID, session);
    return session.open(span.enter(sessionID));
  };
  const ask = (command: Asked): void => {
    const done =
      command.type === 'openTransport'
        ? openSession(command.sessionID)
        : answer(command, sessions.get(command.sessionID));
    const session = sessions.get(command.sessionID);
    done.catch((error: unknown) => {
      if (session !== undefined && sessions.get(command.sessionID) === session)
        report(failure(command, error));
    });
  };
  const closeSession = (sessionID: string): void => {
    sessions.get(sessionID)?.close();
    sessions.delete(sessionID);
    span.leave(sessionID);
  };
  const tell = (command: Exclude<MediaCommand, Asked>): void => {
    const session = sessions.get(command.sessionID);
    if (command.type === 'closeTransport') closeSession(command.sessionID);
    else if (session !== undefined) order(command, session);
  };
  const order = (command: Told, session: SessionMedia): void => {
    obey(command, session)?.catch((error: unknown) => {
      // The track or the worker went away meanwhile: what matters of it is reported elsewhere.
      deps.log.debug(
        { callID: deps.callID, sessionID: command.sessionID, err: error },
        'Command came too late',
      );
    });
  };
  return {
    run: (command) => (isAsked(command) ? ask(command) : tell(command)),
    tracks: () => [...sessions.values()].flatMap((session) => session.tracks()),
    close: () => {
      if (state.isClosed) return;
      state.isClosed = true;
      for (const session of sessions.values()) session.close();
      sessions.clear();
      span.close();
    },
  };
}

function isAsked(command: MediaCommand): command is Asked {
  return ['openTransport', 'connectTransport', 'restartIce', 'produce', 'consume'].includes(command.type);
}

function answer(
  command: Exclude<Asked, { readonly type: 'openTransport' }>,
  session: SessionMedia | undefined,
): Promise<void> {
  if (session === undefined) return Promise.reject(new Error('session has no transport'));
  switch (command.type) {
    case 'connectTransport':
      return session.connect(command);
    case 'restartIce':
      return session.restartIce();
    case 'produce':
      return session.produce(command);
    case 'consume':
      return session.consume(command);
  }
}

type Told = Exclude<MediaCommand, Asked | { readonly type: 'closeTransport' }>;

function obey(command: Told, session: SessionMedia): Promise<void> | undefined {
  switch (command.type) {
    case 'pauseProducer':
      return session.producer(command.producerID)?.pause();
    case 'resumeProducer':
      return session.producer(command.producerID)?.resume();
    case 'resumeConsumer':
      return session.consumer(command.consumerID)?.resume();
    default:
      obeyAtOnce(command, session);
      return undefined;
  }
}

function obeyAtOnce(
  command: Exclude<Told, { readonly type: 'pauseProducer' | 'resumeProducer' | 'resumeConsumer' }>,
  session: SessionMedia,
): void {
  switch (command.type) {
    case 'closeProducer':
      session.closeProducer(command.producerID);
      break;
    case 'closeConsumer':
      session.closeConsumer(command.consumerID);
      break;
    case 'sendData':
      session.send(command.ppid, command.data);
      break;
  }
}

function failure(command: Asked, error: unknown): MediaEvent {
  return {
    type: 'failed',
    sessionID: command.sessionID,
    command: command.type,
    mid: 'mid' in command ? command.mid : '',
    reason: error instanceof Error ? error.message : String(error),
  };
}
