/** Sees a client's writes at the API server one at a time, and decides what becomes of their answers. */
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { ApiCall } from './apiCall.ts';
import type { Exchange } from './exchange.ts';

/** Told of every write, and never of two at once: what changes between the two looks is its doing. */
export interface WriteWitness {
  /** Before the API server has seen it. `body` is its JSON. */
  before(call: ApiCall, body: unknown): Promise<void>;
  /** It was done, and nobody knows yet. With `lose` the client never hears of it. */
  after(call: ApiCall, body: unknown): Promise<'answer' | 'lose'>;
}

/** Carries one exchange over `upstream` before the eyes of the witness. */
export type Witnessed = (exchange: Exchange, upstream: ClientRequest) => void;

/** One after the other, in the order in which they came. */
export function createWitnessed(witness: WriteWitness): Witnessed {
  let last: Promise<unknown> = Promise.resolve();
  return (exchange, upstream) => {
    const whole = read(exchange.incoming);
    // Whoever left while others had their turn is noticed when it is theirs.
    whole.catch(() => undefined);
    upstream.on('error', () => undefined);
    last = last
      .then(async () => carry(exchange, { upstream, text: await whole, witness }))
      .catch((error: unknown) => {
        upstream.destroy();
        tellFailure(exchange.outgoing, `The witness of writes failed: ${String(error)}`);
      });
  };
}

/** The client is told, as by any proxy that gets no answer: it prints what would else be an EOF without a cause. */
function tellFailure(outgoing: ServerResponse, message: string): void {
  if (outgoing.headersSent) outgoing.destroy();
  else outgoing.writeHead(502, { 'content-type': 'text/plain' }).end(message);
}

interface Parts {
  readonly upstream: ClientRequest;
  readonly text: string;
  readonly witness: WriteWitness;
}

async function carry({ call, incoming, outgoing }: Exchange, parts: Parts): Promise<void> {
  const { upstream, text, witness } = parts;
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  await witness.before(call, body);
  const { status, headers, text: answer } = await answerTo(upstream, text);
  const isDone = status < 300;
  if (isDone && (await witness.after(call, body)) === 'lose') {
    incoming.socket.destroy();
    return;
  }
  delete headers['transfer-encoding'];
  outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(answer) });
  outgoing.end(answer);
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function answerTo(upstream: ClientRequest, text: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    upstream.on('error', reject);
    upstream.on('response', (message) => {
      read(message).then(
        (answer) => resolve({ status: message.statusCode ?? 502, headers: message.headers, text: answer }),
        reject,
      );
    });
    upstream.end(text);
  });
}

async function read(stream: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of stream.setEncoding('utf8')) text += part as string;
  return text;
}
