/** Who changed what, from where, and with which outcome: one line for each try, whatever became of it. */
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

/** One try. */
export interface Audited {
  readonly action: 'register' | 'unregister' | 'login' | 'drain' | 'undrain' | 'probe';
  /** Who asked: a client id, `admin`, or `anonymous` where nobody had to say. */
  readonly by: string;
  /** The client that it is about, where it is about one. */
  readonly clientID?: string;
  /** `done`, or why not in the words of the answer. */
  readonly outcome: string;
}

/** Names are cut: they come from whoever sends them. */
const maxNameLength = 128;

/** Writes the line. Behind a proxy `forwardedFor` is what the proxy says, or whoever is in front of it. */
export function audit(log: Logger, request: FastifyRequest, { clientID, ...audited }: Audited): void {
  const forwardedFor = request.headers['x-forwarded-for'];
  log.info(
    {
      ...audited,
      by: audited.by.slice(0, maxNameLength),
      ...(clientID === undefined ? {} : { clientID: clientID.slice(0, maxNameLength) }),
      remoteAddress: request.ip,
      ...(forwardedFor === undefined ? {} : { forwardedFor: String(forwardedFor).slice(0, maxNameLength) }),
    },
    'Audit',
  );
}

/** How an identity is called in an audit line. */
export function nameOf(identity: { readonly clientID: string; readonly isAdmin: boolean }): string {
  return identity.isAdmin ? 'admin' : identity.clientID;
}
