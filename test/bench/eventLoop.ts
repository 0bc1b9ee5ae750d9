/** How late the event loop of our server was; rtcd has none. */
import { basic } from '../contract/http.ts';
import type { Target } from './target.ts';

const line = /^rtc_sfu_event_loop_delay_p99_seconds(?:{[^}]*})? (\S+)$/m;

/** Since it was last asked, 99th percentile, in milliseconds; undefined of a server without an event loop. */
export async function takeEventLoopDelayMs({ url, adminKey }: Target): Promise<number | undefined> {
  const headers = { authorization: basic('', adminKey) };
  const text = await (await fetch(`${url}/metrics`, { headers })).text();
  const [, seconds] = line.exec(text) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
