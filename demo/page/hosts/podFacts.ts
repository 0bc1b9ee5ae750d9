/** Asks SFU pods how much they have to do, while somebody looks. */
import type { PodFacts } from './picture.ts';

/** Whom to ask, and how. */
export interface PodFactsDeps {
  readonly addresses: () => readonly string[];
  readonly apiPort: number;
  /** Undefined: nobody may be asked. */
  readonly adminKey: () => Promise<string | undefined>;
  readonly onChange: () => void;
}

/** A poller that rests until it is started. */
export interface PodFactsPoller {
  facts(): ReadonlyMap<string, PodFacts>;
  /** Idempotent, both of them. */
  start(): void;
  stop(): void;
}

const everyMs = 2000;
const timeoutMs = 1500;
const refused = 'refused';

/** Asks all of them every two seconds. */
export function pollPodFacts({ addresses, apiPort, adminKey, onChange }: PodFactsDeps): PodFactsPoller {
  let facts: ReadonlyMap<string, PodFacts> = new Map();
  let timer: NodeJS.Timeout | undefined;
  let key: Promise<string | undefined> | undefined;

  const ask = async (): Promise<void> => {
    const password = (await (key ??= adminKey())) ?? '';
    const asked = await Promise.all(
      addresses().map(async (address): Promise<[string, PodFacts | string]> => [
        address,
        await statsOf(`http://${address}:${apiPort}/stats`, password),
      ]),
    );
    if (asked.some(([, answer]) => answer === refused)) key = undefined; // It may have been replaced.
    facts = new Map(
      asked.flatMap(([address, one]) => (typeof one === 'string' ? [] : [[address, one] as const])),
    );
    onChange();
  };
  return {
    facts: () => facts,
    start: () => {
      if (timer !== undefined) return;
      timer = setInterval(() => void ask(), everyMs).unref();
      void ask();
    },
    stop: () => {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** Why not, when it does not tell. */
async function statsOf(url: string, password: string): Promise<PodFacts | string> {
  try {
    const authorization = `Basic ${Buffer.from(`:${password}`).toString('base64')}`;
    const response = await fetch(url, { headers: { authorization }, signal: AbortSignal.timeout(timeoutMs) });
    if (response.status === 401) return refused;
    const { sessions, load } = (await response.json()) as Readonly<Record<string, unknown>>;
    return typeof sessions === 'number' && typeof load === 'number' ? { sessions, load } : 'no numbers';
  } catch (error) {
    return String(error);
  }
}
