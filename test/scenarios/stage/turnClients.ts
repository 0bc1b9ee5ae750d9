/**
 * Clients of TURN servers without a pause: some begin allocations with a credential of this moment, some with the oldest
 * that is still good, and some keep one that they have. None may be refused.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { iceServersFor, type TurnWiring } from '../../../demo/page/server/turn.ts';
import { TurnClient, TurnError } from '../../../operator/facts/turn/client.ts';
import type { TurnCredential } from '../../../operator/facts/turn/credential.ts';
import type { ServerAddress } from '../../../operator/facts/turn/transport.ts';

/** Where they find servers and credentials. */
export interface TurnClientsOptions {
  /** Those of now, asked for anew before each round. */
  readonly addresses: () => Promise<readonly string[]>;
  /** What Mattermost makes credentials with now. */
  readonly turn: () => TurnWiring | undefined;
}

interface Issued extends TurnCredential {
  readonly untilMs: number;
}

interface Kept {
  readonly name: string;
  readonly client: TurnClient;
}

/** Nobody begins with a credential that ends within this: clocks differ, and requests take their time. */
const marginMs = 15_000;
const roundEveryMs = 250;
const timeoutMs = 20_000;
/** Allocation Mismatch: the address is in use. A client tries again from another one (RFC 8656 §7.4). */
const mismatch = 437;

const serversAt = (host: string): ServerAddress[] => [
  { host, port: 3478, transport: 'udp' },
  { host, port: 3478, transport: 'tcp' },
  { host, port: 5349, transport: 'tls' },
];

/** See the file comment. They begin at once. */
export class TurnClients {
  /** Who was refused or not answered, when, by which server and why. */
  readonly refused: string[] = [];
  /** Of every credential that was used. */
  readonly passwords: string[] = [];
  /** Begun, and ended at once. */
  allocations = 0;
  /** Of those that are kept. */
  refreshes = 0;
  rounds = 0;
  /** Begun once more from another port: the server still knew the port of a client that had just ended. */
  portsTaken = 0;
  readonly #options: TurnClientsOptions;
  readonly #kept = new Map<string, Kept[]>();
  /** The oldest first. */
  readonly #issued: Issued[] = [];
  readonly #leaving = new Set<string>();
  readonly #loop: Promise<void>;
  #isOver = false;

  constructor(options: TurnClientsOptions) {
    this.#options = options;
    this.#loop = this.#run();
  }

  /** Resolves when so many rounds more are over. */
  async go(rounds: number): Promise<void> {
    const until = this.rounds + rounds;
    while (this.rounds < until && !this.#isOver) await pause(roundEveryMs);
  }

  /** Resolves when nothing is kept at this server any more. */
  async leave(address: string): Promise<void> {
    this.#leaving.add(address);
    while (this.#leaving.has(address) && !this.#isOver) await pause(roundEveryMs);
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#loop;
    for (const address of this.#kept.keys()) await this.#giveBack(address);
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      await this.#attempt('a round', () => this.#round());
      await pause(roundEveryMs);
    }
  }

  async #round(): Promise<void> {
    for (const address of this.#leaving) await this.#giveBack(address);
    this.#leaving.clear();
    const newest = this.#issue();
    const oldest = this.#issued.find(({ untilMs }) => untilMs > Date.now() + marginMs) ?? newest;
    const addresses = await this.#options.addresses();
    for (const address of addresses) if (!this.#kept.has(address)) await this.#keep(address);
    const begun = addresses
      .flatMap(serversAt)
      .flatMap((server) => [newest, oldest].map((credential) => this.#begin(server, credential)));
    const refreshed = [...this.#kept.values()].flat().map((one) => this.#refresh(one));
    await Promise.all([...begun, ...refreshed]);
    this.rounds += 1;
  }

  #issue(): Issued {
    const wiring = this.#options.turn();
    if (wiring === undefined) throw new Error('Mattermost knows of no TURN servers');
    const nowMs = Date.now();
    const user = `client-${this.passwords.length}`;
    const { username = '', credential = '' } = iceServersFor(wiring, { user, nowMs })[0] ?? {};
    const issued = { username, password: credential, untilMs: nowMs + wiring.ttlSeconds * 1000 };
    this.passwords.push(credential);
    this.#issued.push(issued);
    return issued;
  }

  #begin(server: ServerAddress, credential: Issued): Promise<void> {
    const name = `begins by ${server.transport} at ${server.host}, good until ${credential.untilMs}`;
    return this.#attempt(name, () =>
      this.#allocate(server, credential).catch((error: unknown) => {
        if (!(error instanceof TurnError) || error.code !== mismatch) throw error;
        this.portsTaken += 1;
        return this.#allocate(server, credential);
      }),
    );
  }

  async #allocate(server: ServerAddress, credential: Issued): Promise<void> {
    const client = await TurnClient.open({ server, credential, timeoutMs });
    try {
      await client.allocate();
      await client.refresh(0);
      this.allocations += 1;
    } finally {
      client.close();
    }
  }

  async #keep(address: string): Promise<void> {
    const mine: Kept[] = [];
    this.#kept.set(address, mine);
    for (const server of serversAt(address)) {
      const name = `keeps one by ${server.transport} at ${address}`;
      await this.#attempt(name, async () => {
        const client = await TurnClient.open({ server, credential: this.#issue(), timeoutMs });
        await client.allocate();
        mine.push({ client, name });
      });
    }
  }

  #refresh({ name, client }: Kept): Promise<void> {
    return this.#attempt(name, async () => {
      await client.refresh(600);
      this.refreshes += 1;
    });
  }

  async #giveBack(address: string): Promise<void> {
    const mine = this.#kept.get(address) ?? [];
    this.#kept.delete(address);
    for (const { name, client } of mine)
      await this.#attempt(name, async () => {
        await client.refresh(0);
        client.close();
      });
  }

  async #attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.refused.push(`${new Date().toISOString()} ${name}: ${reason}`);
    }
  }
}
