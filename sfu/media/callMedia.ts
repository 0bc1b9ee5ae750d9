/** The media of one call: a router with its sessions. Commands in, events out. */
import type { Logger } from 'pino';

import { openGround } from './ground.ts';
import type { CallMedia, MediaCommand, MediaEvent } from './port.ts';
import { SessionMedia } from './sessionMedia.ts';
import type { MediaWorker } from './worker.ts';

/** What a call's media needs. */
export interface CallMediaDeps {
  readonly callID: string;
  /** Rejects when no worker is up. */
  readonly worker: Promise<MediaWorker>;
  readonly report: (event: MediaEvent) => void;
  readonly log: Logger;
}

/** Commands that are answered by an event, or by `failed`. */
type Asked = Extract<
  MediaCommand,
  { readonly type: 'openTransport' | 'connectTransport' | 'produce' | 'consume' }
>;

/** Opens a router for the call. Never rejects: what fails is reported by the commands that need it. */
export function openCallMedia(deps: CallMediaDeps): CallMedia {
  const sessions = new Map<string, SessionMedia>();
  const state = { isClosed: false };
  const report = (event: MediaEvent): void => {
    if (!state.isClosed) deps.report(event);
  };
  const opening = deps.worker.then((worker) => openGround(worker, report));
  opening.catch(() => undefined); // Told by each session that wanted to open.

  const openSession = (sessionID: string): Promise<void> => {
    const session = new SessionMedia(sessionID, report);
    sessions.get(sessionID)?.close();
    sessions.set(sessionID, session);
    return session.open(opening);
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
  const tell = (command: Exclude<MediaCommand, Asked>): void => {
    const session = sessions.get(command.sessionID);
    if (command.type === 'closeTransport') sessions.delete(command.sessionID);
    if (session === undefined) return;
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
    close: () => {
      if (state.isClosed) return;
      state.isClosed = true;
      for (const session of sessions.values()) session.close();
      sessions.clear();
      void opening.then(
        (ground) => ground.router.close(),
        () => undefined,
      );
    },
  };
}

function isAsked(command: MediaCommand): command is Asked {
  return ['openTransport', 'connectTransport', 'produce', 'consume'].includes(command.type);
}

function answer(
  command: Exclude<Asked, { readonly type: 'openTransport' }>,
  session: SessionMedia | undefined,
): Promise<void> {
  if (session === undefined) return Promise.reject(new Error('session has no transport'));
  switch (command.type) {
    case 'connectTransport':
      return session.connect(command);
    case 'produce':
      return session.produce(command);
    case 'consume':
      return session.consume(command);
  }
}

function obey(command: Exclude<MediaCommand, Asked>, session: SessionMedia): Promise<void> | undefined {
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
  command: Exclude<
    MediaCommand,
    Asked | { readonly type: 'pauseProducer' | 'resumeProducer' | 'resumeConsumer' }
  >,
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
    case 'closeTransport':
      session.close();
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
