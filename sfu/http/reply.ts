/** The three shapes of an answer, byte for byte as rtcd writes them (seen side by side). */
import type { FastifyReply } from 'fastify';

/** JSON with the newline that Go's encoder adds. */
export function sendJson(reply: FastifyReply, value: unknown, code = 200): FastifyReply {
  // Bytes, because fastify would add a charset to the type of a string.
  return reply
    .code(code)
    .type('application/json')
    .send(Buffer.from(`${JSON.stringify(value)}\n`));
}

/** Flat JSON of strings, keys sorted, with `code` as a string: `/register`, `/unregister`, `/login`. */
export function sendFlat(
  reply: FastifyReply,
  code: number,
  values: Readonly<Record<string, string>>,
): FastifyReply {
  const all = Object.entries({ ...values, code: String(code) }).sort(([a], [b]) => (a < b ? -1 : 1));
  return sendJson(reply, Object.fromEntries(all), code);
}

/** Plain text with its newline, as Go's `http.Error`. */
export function sendText(reply: FastifyReply, code: number, text: string): FastifyReply {
  return reply
    .code(code)
    .header('x-content-type-options', 'nosniff')
    .type('text/plain; charset=utf-8')
    .send(`${text}\n`);
}

/** Unknown path or wrong method: always 404, never 405. */
export function sendNotFound(reply: FastifyReply): FastifyReply {
  return sendText(reply, 404, '404 page not found');
}
