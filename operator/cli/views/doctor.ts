/** PURE: evidence → every finding, the worst first. */
import { conditions, turnConditions } from '../doctor/conditions.ts';
import { credentials } from '../doctor/credentials.ts';
import { levels, type Check, type Evidence, type Finding, type Level } from '../doctor/finding.ts';
import { dns } from '../doctor/names.ts';
import { operatorChecks } from '../doctor/operator.ts';
import { podChecks } from '../doctor/pods.ts';
import { overlay, turn } from '../doctor/turn.ts';
import { parts, type Style } from '../text.ts';

/** See the file comment. */
export interface DoctorView {
  readonly cluster: { readonly namespace: string; readonly name: string };
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<Level, number>>;
}

const checks: readonly Check[] = [
  ...operatorChecks,
  conditions,
  turnConditions,
  ...podChecks,
  dns,
  credentials,
  turn,
  overlay,
];

/** Same evidence, same findings. */
export function doctorView(evidence: Evidence): DoctorView {
  const { namespace = '', name } = evidence.cluster.metadata;
  const findings = checks
    .flatMap((check) => check(evidence))
    .toSorted((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
  const count = (level: Level): number => findings.filter((finding) => finding.level === level).length;
  return {
    cluster: { namespace, name },
    findings,
    counts: { fail: count('fail'), warn: count('warn'), unknown: count('unknown'), ok: count('ok') },
  };
}

/** The same for people; what is well in one line each. */
export function doctorText({ cluster, findings, counts }: DoctorView, style: Style): string {
  const colours: Readonly<Record<Level, (text: string) => string>> = {
    ...{ fail: style.bad, warn: style.warn, unknown: style.dim, ok: style.good },
  };
  const told = findings.map(({ id, level, message, fix }) => {
    const line = `${colours[level](level.padEnd(7))} ${id}: ${message}`;
    return fix === undefined ? line : `${line}\n        ${style.dim(`fix: ${fix}`)}`;
  });
  const summary = levels.map((level) => `${counts[level]} ${level}`).join(', ');
  return parts([style.bold(`RTCCluster ${cluster.namespace}/${cluster.name}: ${summary}`)], told);
}
