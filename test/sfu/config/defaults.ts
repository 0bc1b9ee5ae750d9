/** The configuration of an SFU that nobody has configured. */
import { configSchema } from '../../../sfu/config/schema.ts';

/** See the file comment. */
export const defaults = configSchema.parse({
  api: { http: { tls: {} }, security: { sessionCache: {} } },
  rtc: { turn: {} },
  limits: {},
  store: {},
  logger: {},
  drain: {},
});
