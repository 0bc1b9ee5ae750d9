/** What a stock rtcd tells about itself: no `/stats`, but Prometheus metrics. PURE. */
import { type Answer, versionIn } from './answer.ts';

/** Active sessions by client (rtcd `service/perf/metrics.go`); absent until the first one. */
const sessionsMetric = /^rtcd_rtc_sessions_total(?:\{[^}]*\})? +(\S+)/gm;
/** Every rtcd has these from its start on: what answers without them is none. */
const ownMetric = /^rtcd_process_/m;

/** Bodies of `/version` and `/metrics` → answer. It has no word for its load, and cannot be told to drain. */
export function rtcdAnswer(versionBody: string, metricsBody: string): Answer {
  if (!ownMetric.test(metricsBody)) throw new TypeError('/metrics answered nonsense: no metrics of rtcd');
  const values = [...metricsBody.matchAll(sessionsMetric)].map(([, value]) => Number(value));
  const sessions = values.reduce((sum, value) => sum + value, 0);
  if (!Number.isInteger(sessions) || sessions < 0)
    throw new TypeError(`/metrics answered nonsense: rtcd_rtc_sessions_total adds up to ${sessions}`);
  return { answered: true, version: versionIn(versionBody), sessions, load: 0, isDraining: false };
}
