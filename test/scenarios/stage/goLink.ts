/** The plugin's own Go client (rtcd's `service.Client`) between the played plugin and its hosts. */
import type { HostFrame, PluginFrame } from '../../../demo/page/server/frames.ts';
import { rtcType } from '../../../demo/page/server/frames.ts';
import type { HostConnection, HostEvents, HostLink } from '../../../demo/page/server/hostConnection.ts';
import { checkVersion } from '../../../demo/page/server/hostSet.ts';
import { startGoClient, type GoClient, type GoEvent } from '../../contract/goClient.ts';

/** A link, and what went through it. */
export interface GoLink {
  readonly link: HostLink;
  /** Addresses that a Go client was connected to, in order. */
  readonly connected: readonly string[];
  /** What the clients reported that no member of a call asked for: a lost connection, an error. */
  readonly complaints: readonly string[];
}

/** `program` is the reference of `test/contract`. One process for each host. */
export function createGoLink(program: string): GoLink {
  const clients = new Map<string, GoClient>();
  const connected: string[] = [];
  const complaints: string[] = [];
  const clientOf = (address: string): GoClient => {
    const client = clients.get(address);
    if (client === undefined) throw new Error(`${address}: no client is connected`);
    return client;
  };
  const connect: HostLink['connect'] = async (address, { clientID, authKey, apiPort }, events) => {
    const onEvent = (event: GoEvent): void => {
      if (event.event === 'message') {
        events.onFrame(frameOf(event));
        return;
      }
      const complaint = `${address}: ${event.event} ${event.error ?? ''}`;
      complaints.push(complaint);
      if (event.event === 'reconnecting') {
        // Whether it is tried again, and when, is the played plugin's to say: its rules know flagged hosts.
        client.stop();
        events.onLost(complaint);
      }
    };
    const client = startGoClient({
      program,
      url: `http://${address}:${apiPort}`,
      clientID,
      authKey,
      onEvent,
    });
    try {
      await connectOrRegister(client, { clientID, authKey });
    } catch (error) {
      client.stop();
      throw error;
    }
    clients.set(address, client);
    connected.push(address);
    return connectionOf(client, events);
  };
  return {
    connected,
    complaints,
    link: {
      connect,
      async assertVersion(address) {
        const { buildVersion } = (await clientOf(address).ask('version')) as {
          readonly buildVersion: string;
        };
        const verdict = checkVersion(buildVersion);
        if (!verdict.ok) throw new Error(`${address}: ${verdict.reason}`);
      },
      async readLoad(address) {
        const info = await clientOf(address)
          .ask('system')
          .catch(() => undefined);
        return (info as { readonly cpu_load: number } | undefined)?.cpu_load;
      },
    },
  };
}

async function connectOrRegister(
  client: GoClient,
  credentials: Readonly<Record<'clientID' | 'authKey', string>>,
): Promise<void> {
  await client.ask('connect').catch(async () => {
    await client.ask('register', credentials);
    await client.ask('connect');
  });
}

function connectionOf(client: GoClient, events: HostEvents): HostConnection {
  return {
    send(frame) {
      client.ask('send', messageOf(frame)).catch((error: unknown) => events.onLost(String(error)));
      return true;
    },
    close: () => client.stop(),
  };
}

/** What the reference's `send` takes. */
function messageOf(frame: PluginFrame): Readonly<Record<string, unknown>> {
  switch (frame.type) {
    case 'join':
      return { type: 'join', data: frame.join };
    case 'rtc': {
      const payload = frame.data === undefined ? {} : { payload: Buffer.from(frame.data).toString('base64') };
      return { type: 'rtc', sessionID: frame.sessionID, rtcType: frame.rtcType, ...payload };
    }
    default:
      return { type: frame.type, data: { sessionID: frame.sessionID } };
  }
}

/** Fields as Go names those of `rtc.Message`, or as they are on the wire. */
function frameOf({ type, data = {} }: GoEvent): HostFrame {
  const text = (name: string): string => (typeof data[name] === 'string' ? data[name] : '');
  switch (type) {
    case 'hello':
      return { type, clientID: text('clientID'), connID: text('connID') };
    case 'close':
      return { type, sessionID: text('sessionID') };
    case 'vad':
      return { type, sessionID: text('SessionID'), isSpeaking: data['Type'] === rtcType.voiceOn };
    case 'rtc': {
      const bytes = Buffer.from(text('Data'), 'base64');
      return { type, sessionID: text('SessionID'), rtcType: Number(data['Type']), data: bytes };
    }
    default:
      return { type: 'unknown', reason: `type ${type ?? ''}` };
  }
}
