/**
 * The configuration of the SFU: the single source of its keys, variables,
 * defaults, limits and texts. Keys, variables and limits are rtcd's (wire spec
 * 7), the default ports are ours; `generate.ts` writes sample, table and JSON
 * schema from it. TOML keys are these names in snake_case.
 */
import * as z from 'zod';
import { limits } from './limits.ts';
import { isListenAddress } from './listenAddress.ts';
import { count, flag, level, maxInt, setting, text } from './setting.ts';

const iceServer = z.strictObject({
  urls: z
    .array(z.string().regex(/^(stuns?|turns?):/, 'must start with stun:, stuns:, turn: or turns:'))
    .min(1),
  username: z.string().default(''),
  credential: z.string().default(''),
});

const http = z.strictObject({
  listenAddress: setting(z.string().refine(isListenAddress, 'must be HOST:PORT or :PORT').default(':8443'), {
    env: 'RTCD_API_HTTP_LISTENADDRESS',
    doc: 'Where the API listens: HOST:PORT, or :PORT for all addresses. Stock rtcd: `:8045`.',
  }),
  tls: z.strictObject({
    enable: flag(false, {
      env: 'RTCD_API_HTTP_TLS_ENABLE',
      doc: 'Serve HTTPS and WSS instead of plain text.',
    }),
    certFile: text('', { env: 'RTCD_API_HTTP_TLS_CERTFILE', doc: 'PEM file with the certificate chain.' }),
    certKey: text('', { env: 'RTCD_API_HTTP_TLS_CERTKEY', doc: 'PEM file with the private key.' }),
  }),
});

const security = z.strictObject({
  enableAdmin: flag(false, {
    env: 'RTCD_API_SECURITY_ENABLEADMIN',
    doc: 'Accept the admin key as the password of any user: for `/stats`, `/drain`, and to register and unregister clients.',
  }),
  adminSecretKey: text('', {
    env: 'RTCD_API_SECURITY_ADMINSECRETKEY',
    doc: 'The admin key. Needed when admin is enabled.',
    isSecret: true,
  }),
  allowSelfRegistration: flag(false, {
    env: 'RTCD_API_SECURITY_ALLOWSELFREGISTRATION',
    doc: 'Let any client register itself. The Calls plugin does so on first contact.',
  }),
  sessionCache: z.strictObject({
    expirationMinutes: count(1440, [1, maxInt], {
      env: 'RTCD_API_SECURITY_SESSIONCACHE_EXPIRATIONMINUTES',
      doc: 'Lifetime of a bearer token of `/login`, in minutes.',
    }),
  }),
});

const port = (env: string, doc: string): z.ZodDefault<z.ZodInt> => count(8045, [80, 49_151], { env, doc });

const rtc = z.strictObject({
  iceAddressUdp: text('', {
    env: 'RTCD_RTC_ICEADDRESSUDP',
    doc: 'Local addresses for media over UDP, separated by commas. Empty: every address of the machine.',
  }),
  icePortUdp: port(
    'RTCD_RTC_ICEPORTUDP',
    'UDP port for media; worker i listens on this port + i. Stock rtcd: 8443.',
  ),
  iceAddressTcp: text('', {
    env: 'RTCD_RTC_ICEADDRESSTCP',
    doc: 'As `ice_address_udp`, for media over TCP.',
  }),
  icePortTcp: port(
    'RTCD_RTC_ICEPORTTCP',
    'TCP port for media where UDP is blocked; worker i listens on this port + i.',
  ),
  enableIpv6: flag(false, { env: 'RTCD_RTC_ENABLEIPV6', doc: 'Use global IPv6 addresses as well.' }),
  iceHostOverride: text('', {
    env: 'RTCD_RTC_ICEHOSTOVERRIDE',
    doc: 'Address or hostname that clients are told instead of the local one, or a map `external/internal,…`.',
  }),
  iceHostPortOverride: text('', {
    env: 'RTCD_RTC_ICEHOSTPORTOVERRIDE',
    doc: 'Port that clients are told together with an overridden address, or a map `localIP/port,…` that selects it.',
  }),
  iceServers: setting(z.array(iceServer).default([]), {
    env: 'RTCD_RTC_ICESERVERS',
    doc: 'STUN and TURN servers: JSON in the variable, a list in the file. The first `stun:` URL is asked for our public address when `ice_host_override` is empty; with `address_file` all of them, for `/stats` alone. TURN servers change nothing.',
    isSecret: true,
  }),
  turn: z.strictObject({
    staticAuthSecret: text('', {
      env: 'RTCD_RTC_TURNCONFIG_STATICAUTHSECRET',
      doc: "Secret for the server's own use of TURN.",
      isSecret: true,
      unused: 'the server side needs no TURN; set the secret in the Calls plugin for its clients',
    }),
    credentialsExpirationMinutes: count(1440, [0, maxInt], {
      env: 'RTCD_RTC_TURNCONFIG_CREDENTIALSEXPIRATIONMINUTES',
      doc: "Lifetime of the server's own TURN credentials, in minutes: 1 to 10,079 where there is a secret.",
      unused: 'the server side needs no TURN',
    }),
  }),
  udpSocketsCount: count(100, [1, maxInt], {
    env: 'RTCD_RTC_UDPSOCKETSCOUNT',
    doc: 'UDP sockets per address. Stock rtcd: 100 for each CPU.',
    unused: 'a media worker needs one socket per address',
  }),
  nackBufferSize: setting(
    z
      .int()
      .refine(
        (size) => size === 0 || (size >= 32 && size <= 8192 && Number.isInteger(Math.log2(size))),
        'must be 0 or a power of two from 32 to 8192',
      )
      .default(256),
    {
      env: 'RTCD_RTC_NACKBUFFERSIZE',
      doc: 'Packets kept for retransmission.',
      unused: 'a media worker sizes its buffer by time',
    },
  ),
  nackDisableCopy: flag(true, {
    env: 'RTCD_RTC_NACKDISABLECOPY',
    doc: 'Keep packets for retransmission without a copy.',
    unused: 'retransmission always works here',
  }),
  workers: count(1, [1, 64], {
    env: 'RTCD_RTC_WORKERS',
    doc: 'Media workers, one core each, filled one after the other. Worker i listens on the media ports plus i, so n workers need n ports; one needs exactly one.',
  }),
  maxConcurrentSessions: count(0, [0, maxInt], {
    env: 'RTCD_RTC_MAXCONCURRENTSESSIONS',
    doc: 'Sessions on this server at most; a join above it is refused. 0: no limit.',
  }),
  maxCallParticipants: count(0, [0, maxInt], {
    env: 'RTCD_RTC_MAXCALLPARTICIPANTS',
    doc: 'Sessions in one call at most; a join above it is refused. 0: no limit.',
  }),
  addressFile: text('', {
    env: 'RTC_ADDRESS_FILE',
    doc: 'File with the addresses that clients are told (`address` or `address:port`, separated by commas), written by the operator. It replaces the override rules, and is read again when it changes.',
  }),
});

const store = z.strictObject({
  dataSource: text('/tmp/rtcd_db', {
    env: 'RTCD_STORE_DATASOURCE',
    doc: 'Directory of the registered clients. Default: `/data` where that is a mounted volume, else `/tmp/rtcd_db`.',
  }),
  clientsDir: text('', {
    env: 'RTC_CLIENTS_DIR',
    doc: 'Directory with one folder per client that holds the files `clientID` and `authKey` (mounted Secrets). Read again when it changes.',
  }),
});

const logger = z.strictObject({
  enableConsole: flag(true, { env: 'RTCD_LOGGER_ENABLECONSOLE', doc: 'Log to standard output.' }),
  consoleJson: flag(false, { env: 'RTCD_LOGGER_CONSOLEJSON', doc: 'JSON lines instead of text.' }),
  consoleLevel: level('info', { env: 'RTCD_LOGGER_CONSOLELEVEL', doc: 'Least level on the console.' }),
  enableFile: flag(true, { env: 'RTCD_LOGGER_ENABLEFILE', doc: 'Log to a file, rotated at 100 MB.' }),
  fileJson: flag(true, { env: 'RTCD_LOGGER_FILEJSON', doc: 'JSON lines instead of text.' }),
  fileLevel: level('debug', { env: 'RTCD_LOGGER_FILELEVEL', doc: 'Least level in the file.' }),
  fileLocation: text('rtcd.log', { env: 'RTCD_LOGGER_FILELOCATION', doc: 'The log file.' }),
  enableColor: flag(false, { env: 'RTCD_LOGGER_ENABLECOLOR', doc: 'Colours in the text on the console.' }),
});

const drain = z.strictObject({
  timeoutSeconds: count(0, [0, maxInt], {
    env: 'RTCD_DRAIN_TIMEOUTSECONDS',
    doc: 'After SIGTERM, sessions that are still there are closed after this many seconds. 0: wait until the last one has ended, as rtcd does.',
  }),
});

/** Everything the SFU can be told. Unknown keys are errors. */
export const configSchema = z.strictObject({
  api: z.strictObject({ http, security }),
  rtc,
  limits,
  store,
  logger,
  drain,
});

/** The understood configuration; frozen by `config.ts`. */
export type Config = z.infer<typeof configSchema>;
