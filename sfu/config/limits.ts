/** Limits that are ours: generous, so that only what goes wrong ever meets them. */
import * as z from 'zod';
import { count, maxInt } from './setting.ts';

const perClient = (preset: number, env: string, doc: string): z.ZodDefault<z.ZodInt> =>
  count(preset, [0, maxInt], { env, doc: `${doc} 0: no limit.` });

/** `[limits]`: what one client, one session and everybody together may hold. 0 = no limit. */
export const limits = z.strictObject({
  connections: perClient(
    10_000,
    'RTCD_LIMITS_CONNECTIONS',
    'TCP connections to the API at most, of everybody together, also of those who have not said yet who they are.',
  ),
  registeredClients: perClient(
    10_000,
    'RTCD_LIMITS_REGISTEREDCLIENTS',
    'Clients that may be registered at most; with self registration anybody can.',
  ),
  connectionsPerClient: perClient(
    200,
    'RTCD_LIMITS_CONNECTIONSPERCLIENT',
    'WebSockets of one client at most; every Mattermost node has one, and one more for a while when it reconnects.',
  ),
  sessionsPerClient: perClient(
    10_000,
    'RTCD_LIMITS_SESSIONSPERCLIENT',
    'Sessions of one client on this server at most; a join above it is refused.',
  ),
  callsPerClient: perClient(
    5_000,
    'RTCD_LIMITS_CALLSPERCLIENT',
    'Calls of one client on this server at most; a join that would open another one is refused.',
  ),
  tracksPerSession: perClient(
    16,
    'RTCD_LIMITS_TRACKSPERSESSION',
    'Tracks that one session may send at a time; Calls needs four.',
  ),
  messagesPerSecond: perClient(
    5_000,
    'RTCD_LIMITS_MESSAGESPERSECOND',
    'Messages a second of one client over all its WebSockets, in bursts twice as many; one that sends more is read more slowly, nothing is lost. A message counts once more for each 16 KiB.',
  ),
  dataMessagesPerSecond: perClient(
    100,
    'RTCD_LIMITS_DATAMESSAGESPERSECOND',
    'Messages a second of one session on its data channel, in bursts four times as many; what is more is left out, and a session that goes on so ends. A description counts as five.',
  ),
});
