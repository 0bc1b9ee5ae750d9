/** The body of `/stats`: its schema is the one source, `sfu/stats.schema.json` is generated from it. */
import * as z from 'zod';

const count = z.int().min(0);
const share = z.number().min(0).max(1);

const tracks = z
  .strictObject({ voice: count, screen: count, screenAudio: count, video: count })
  .describe('Tracks by kind: voice and screenAudio are Opus, screen and video VP8 or AV1.');

const ports = z
  .strictObject({ first: z.int().min(1).max(65_535), last: z.int().min(1).max(65_535) })
  .nullable()
  .describe('Worker i is on port first + i. Null: the protocol is not served.');

const sysctl = (name: string): z.ZodNullable<z.ZodInt> =>
  z.int().nullable().describe(`net.core.${name} of the node; null: not to be seen from here.`);

const range = z.strictObject({ first: z.int(), last: z.int() });

const node = z
  .strictObject({
    wantedBufferBytes: count.describe('What each media socket asks for, in both directions.'),
    receiveBufferBytes: sysctl('rmem_max'),
    sendBufferBytes: sysctl('wmem_max'),
    ephemeralPorts: range
      .nullable()
      .describe('net.ipv4.ip_local_port_range: what the kernel gives to outgoing connections.'),
    reservedPorts: z.array(range).describe('net.ipv4.ip_local_reserved_ports: what it leaves out there.'),
    conntrack: z
      .strictObject({
        limit: count,
        peak: count.describe('Most entries seen since the start of the server.'),
      })
      .nullable()
      .describe('The table of connections of the packet filter; null: there is none.'),
  })
  .describe('Settings of the kernel that media depends on.');

const worker = z.strictObject({
  load: share.describe(
    'Share of the last second in which it ran or waited for a core, calls that have just come included.',
  ),
  hasRoom: z.boolean().describe('It takes new calls; near 80 % of its core they go to the next worker.'),
  calls: count.describe('Calls that have sessions on it: one that spans workers counts on each.'),
  sessions: count,
  pipes: count.describe('Tracks that come to it from other workers.'),
  deaths: count.describe('How often it died and was started again.'),
  trouble: z.string().nullable().describe('Why it is down or hangs; null while it is up.'),
});

/** What the server says about itself. Readers should ignore fields they do not know: more may come. */
export const statsSchema = z
  .strictObject({
    version: z.string().describe('Version of the server.'),
    calls: count.describe('Calls that have sessions.'),
    sessions: count,
    largestCall: count.describe('Sessions of the call that has most: a call stays on one host.'),
    sending: z
      .strictObject({
        tracks: count.describe('Tracks from clients that are not muted.'),
        lastMuteMs: z
          .number()
          .nullable()
          .describe(
            'When one of the muted ones was muted last, in milliseconds of the clock of the server: another value means that somebody could be heard or seen meanwhile. Null: none is muted.',
          ),
      })
      .describe('Who can be heard or seen.'),
    mediaPaths: z
      .strictObject({ opened: count, failed: count })
      .describe('Sessions that got a path for their media since the start, and those that did not.'),
    egressBitsPerSecond: count.describe('RTP with its headers to clients, over the last seconds.'),
    tracks: z.strictObject({ in: tracks, out: tracks }),
    demand: z
      .strictObject({
        sessions: count,
        audioIn: count,
        videoIn: count,
        audioOut: count,
        videoOut: count,
      })
      .describe('The five counts that CPU use follows from: sessions, and tracks by medium and direction.'),
    load: share.describe('Mean load of the worker cores, calls that have just come included.'),
    capacity: z.strictObject({
      cores: z.int().min(1).describe('Cores that the media workers may use.'),
      sessions: count.nullable().describe('rtc.max_concurrent_sessions; null = no limit.'),
    }),
    full: z
      .boolean()
      .describe('No worker has room, or the session limit is reached: /system sends new calls elsewhere.'),
    draining: z.boolean(),
    addresses: z.array(z.string()).describe('address:port as clients are told, first is the public one.'),
    mediaPorts: z.strictObject({ udp: ports, tcp: ports }).describe('To be open in every firewall.'),
    publicAddresses: z
      .array(z.strictObject({ local: z.string(), address: z.string() }))
      .nullable()
      .describe(
        'Local addresses, and what STUN servers of rtc.ice_servers saw them as. Empty: none answered; null: none was asked.',
      ),
    node,
    workers: z.array(worker).describe('First the one on the first media port.'),
  })
  .describe('GET /stats of the SFU.');

/** One answer. */
export type Stats = z.infer<typeof statsSchema>;

/** The schema as JSON, for readers in other languages. */
export function statsJsonSchema(): object {
  return z.toJSONSchema(statsSchema);
}
