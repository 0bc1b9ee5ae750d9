/** A TURN client: one connection to a server, and at most one allocation there (RFC 8656). */
import { randomBytes } from 'node:crypto';
import { decodeChannelData, encodeChannelData } from './channelData.ts';
import { longTermKey, type TurnCredential } from './credential.ts';
import {
  attribute,
  type Attribute,
  attributeTypes,
  decode,
  encode,
  isAuthentic,
  methods,
  type StunMessage,
} from './message.ts';
import { repetitions } from './repetitions.ts';
import { openTransport, type ServerAddress, type Transport } from './transport.ts';
import { type Endpoint, errorCode, text, word, wordIn, xorAddress, xorAddressIn } from './values.ts';

/** The server has refused a request, or has not answered it. */
export class TurnError extends Error {
  /** RFC 8656 §19, RFC 8489 §14.8; undefined: no usable answer. */
  readonly code: number | undefined;
  constructor(message: string, code?: number) {
    super(message);
    this.name = 'TurnError';
    this.code = code;
  }
}

/** What a client works with. */
export interface ClientOptions {
  readonly server: ServerAddress;
  readonly credential?: TurnCredential;
  /** Of each request with all its repetitions. Default 5,000. */
  readonly timeoutMs?: number;
}

/** What was allocated. */
export interface Allocation {
  /** Where peers reach the client. */
  readonly relayed: Endpoint;
  readonly lifetimeSeconds: number;
}

/** What is asked for; a server gives what it likes, or refuses. */
export interface AllocateOptions {
  readonly lifetimeSeconds?: number;
  /** Default ipv4. */
  readonly family?: 'ipv4' | 'ipv6';
  /** How peers are reached. Default udp; tcp is RFC 6062. */
  readonly protocol?: 'udp' | 'tcp';
}

type Method = keyof typeof methods;

interface Pending {
  readonly method: number;
  /** Of the answer; undefined: it is signed by nobody. */
  readonly key: Buffer | undefined;
  readonly settle: (answer: StunMessage | TurnError) => void;
}

/** IANA protocol numbers: RFC 8656 §18.7, RFC 6062 §4.1. */
const protocols = { udp: 17, tcp: 6 } as const;
/** RFC 8489 §14.8. */
const codes = { unauthenticated: 401, staleNonce: 438 } as const;

/** One connection; `TurnClient.open` makes it. */
export class TurnClient {
  readonly #credential: TurnCredential | undefined;
  readonly #timeoutMs: number;
  readonly #pending = new Map<string, Pending>();
  #transport: Transport | undefined;
  #realm = '';
  #nonce: Buffer | undefined;
  #ended: string | undefined;

  /** Relayed bytes from a peer; from a channel with its number. */
  onData: (data: Buffer, from: Endpoint | number) => void = () => undefined;

  private constructor({ credential, timeoutMs = 5_000 }: ClientOptions) {
    this.#credential = credential;
    this.#timeoutMs = timeoutMs;
  }

  /** Connects. Rejects when the server cannot be reached by TCP; by UDP nobody knows before the first answer. */
  static async open(options: ClientOptions): Promise<TurnClient> {
    const client = new TurnClient(options);
    const events = {
      onMessage: (bytes: Buffer) => client.#receive(bytes),
      onEnd: (reason: string) => client.#end(reason),
    };
    client.#transport = await openTransport(options.server, events, client.#timeoutMs);
    return client;
  }

  /** The address that the server sees. */
  async binding(): Promise<Endpoint | undefined> {
    return xorAddressIn(await this.#request('binding', () => []), 'xorMappedAddress');
  }

  /** Default lifetime: what the server gives, 600 s with coturn. */
  async allocate(options: AllocateOptions = {}): Promise<Allocation> {
    const { lifetimeSeconds, family, protocol = 'udp' } = options;
    const answer = await this.#request('allocate', () => [
      word('requestedTransport', protocols[protocol] * 2 ** 24),
      ...(lifetimeSeconds === undefined ? [] : [word('lifetime', lifetimeSeconds)]),
      ...(family === 'ipv6' ? [word('requestedAddressFamily', 2 * 2 ** 24)] : []),
    ]);
    const relayed = xorAddressIn(answer, 'xorRelayedAddress');
    if (relayed === undefined) throw new TurnError('allocate: the answer has no relayed address');
    return { relayed, lifetimeSeconds: wordIn(answer, 'lifetime') ?? 0 };
  }

  /** 0 ends the allocation. Resolves to the lifetime that is left. */
  async refresh(lifetimeSeconds: number): Promise<number> {
    const answer = await this.#request('refresh', () => [word('lifetime', lifetimeSeconds)]);
    return wordIn(answer, 'lifetime') ?? 0;
  }

  /** Lets these addresses send to the relay, on any port. */
  async createPermission(...addresses: readonly string[]): Promise<void> {
    await this.#request('createPermission', (id) =>
      addresses.map((address) => xorAddress('xorPeerAddress', { address, port: 0 }, id)),
    );
  }

  /** Binds a channel, 0x4000 to 0x4FFF, to a peer. */
  async channelBind(channel: number, peer: Endpoint): Promise<void> {
    await this.#request('channelBind', (id) => [
      word('channelNumber', channel * 2 ** 16),
      xorAddress('xorPeerAddress', peer, id),
    ]);
  }

  /** Sends to a peer with a permission; nobody answers whether it arrived. */
  send(peer: Endpoint, data: Buffer): void {
    const transactionId = randomBytes(12);
    const attributes = [
      xorAddress('xorPeerAddress', peer, transactionId),
      { type: attributeTypes.data, value: data },
    ];
    this.#transport?.send(encode({ method: methods.send, class: 'indication', transactionId, attributes }));
  }

  /** The same over a bound channel. */
  sendChannel(channel: number, data: Buffer): void {
    this.#transport?.send(encodeChannelData({ channel, data }));
  }

  /** Leaves the allocation to its lifetime; by TCP and TLS the server ends it. */
  close(): void {
    this.#end('closed');
    this.#transport?.close();
  }

  /** Asks, and once more with what a refusal has taught: realm and nonce, or a newer nonce. */
  async #request(method: Method, attributesOf: (id: Buffer) => readonly Attribute[]): Promise<StunMessage> {
    const first = await this.#ask(method, attributesOf);
    const code = errorCode(first);
    const canLearn =
      code === codes.staleNonce || (code === codes.unauthenticated && this.#nonce === undefined);
    if (first.class !== 'error' || !canLearn || this.#credential === undefined)
      return accepted(method, first);
    this.#realm = attribute(first, 'realm')?.toString() ?? this.#realm;
    this.#nonce = attribute(first, 'nonce');
    return accepted(method, await this.#ask(method, attributesOf));
  }

  async #ask(method: Method, attributesOf: (id: Buffer) => readonly Attribute[]): Promise<StunMessage> {
    if (this.#ended !== undefined) throw new TurnError(`${method}: ${this.#ended}`);
    const transactionId = randomBytes(12);
    const auth = this.#authentication();
    const attributes = [...attributesOf(transactionId), ...auth.attributes];
    const bytes = encode({ method: methods[method], class: 'request', transactionId, attributes }, auth.key);
    const answer = await this.#exchange(bytes, { id: transactionId.toString('hex'), method, key: auth.key });
    if (answer instanceof TurnError) throw answer;
    return answer;
  }

  #authentication(): { readonly attributes: readonly Attribute[]; readonly key: Buffer | undefined } {
    const [credential, nonce] = [this.#credential, this.#nonce];
    if (credential === undefined || nonce === undefined) return { attributes: [], key: undefined };
    const attributes = [
      text('username', credential.username),
      text('realm', this.#realm),
      { type: attributeTypes.nonce, value: nonce },
    ];
    return { attributes, key: longTermKey(credential, this.#realm) };
  }

  #exchange(
    bytes: Buffer,
    { id, method, key }: { readonly id: string; readonly method: Method; readonly key: Buffer | undefined },
  ): Promise<StunMessage | TurnError> {
    return new Promise((resolve) => {
      const timers: NodeJS.Timeout[] = [];
      const settle = (answer: StunMessage | TurnError): void => {
        timers.forEach((timer) => clearTimeout(timer));
        this.#pending.delete(id);
        resolve(answer);
      };
      const silence = new TurnError(`${method}: no answer within ${this.#timeoutMs} ms`);
      this.#pending.set(id, { method: methods[method], key, settle });
      timers.push(setTimeout(() => settle(silence), this.#timeoutMs));
      const times = this.#transport?.isReliable === false ? repetitions(this.#timeoutMs) : [];
      for (const afterMs of times) timers.push(setTimeout(() => this.#transport?.send(bytes), afterMs));
      this.#transport?.send(bytes);
    });
  }

  #receive(bytes: Buffer): void {
    const channelData = decodeChannelData(bytes);
    const message = decode(bytes);
    if (channelData !== undefined) this.onData(channelData.data, channelData.channel);
    else if (message?.method === methods.data) this.#relay(message);
    else if (message !== undefined) this.#answer(message, bytes);
  }

  #answer(message: StunMessage, bytes: Buffer): void {
    const pending = this.#pending.get(message.transactionId.toString('hex'));
    if (pending?.method !== message.method) return;
    // Only who knows the secret may say yes; a refusal has no key to be signed with.
    const isTrue =
      message.class !== 'success' || pending.key === undefined || isAuthentic(bytes, pending.key);
    if (isTrue) pending.settle(message);
  }

  #relay(message: StunMessage): void {
    const from = xorAddressIn(message, 'xorPeerAddress');
    const data = attribute(message, 'data');
    if (from !== undefined && data !== undefined) this.onData(data, from);
  }

  #end(reason: string): void {
    this.#ended ??= reason;
    for (const { settle } of [...this.#pending.values()]) settle(new TurnError(reason));
  }
}

function accepted(method: Method, answer: StunMessage): StunMessage {
  if (answer.class === 'success') return answer;
  const code = errorCode(answer);
  throw new TurnError(`${method}: refused with ${code ?? 'an answer without a code'}`, code);
}
