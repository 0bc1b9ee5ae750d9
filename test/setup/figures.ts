/** Pure: evidence → the page that quotes it. */

/** One run's figures, as it wrote them. Keys say the unit: `operatorRssMiB`. */
export interface Evidence {
  readonly command: string;
  readonly commit: string;
  /** ISO 8601. */
  readonly date: string;
  readonly machine: string;
  readonly values: EvidenceValues;
}

/** A tree of figures. Lists of objects become tables. */
export interface EvidenceValues {
  readonly [name: string]: EvidenceValue;
}

type EvidenceValue = string | number | boolean | null | EvidenceValues | readonly EvidenceValue[];

/** The text of `docs/figures.md`. */
export function renderFigures(all: ReadonlyMap<string, Evidence>): string {
  const pages = [...all].map(([name, evidence]) => renderOne(name, evidence));
  return [
    '# Figures',
    '',
    'Drawn from `docs/evidence/*.json`, which the commands write themselves. Do not edit.',
    '',
    ...pages,
  ].join('\n');
}

function renderOne(name: string, evidence: Evidence): string {
  const heading = [
    `## ${name}`,
    '',
    `\`${evidence.command}\` at ${evidence.commit}, ${evidence.date.slice(0, 10)}, on ${evidence.machine}`,
    '',
  ];
  const rows = Object.entries(evidence.values).flatMap(([key, value]) => flatten(key, value));
  return [
    ...heading,
    '| figure | value |',
    '| --- | --- |',
    ...rows.map(([key, value]) => `| ${key} | ${value} |`),
    '',
  ].join('\n');
}

function flatten(key: string, value: EvidenceValue): (readonly [string, string])[] {
  if (Array.isArray(value))
    return value.flatMap((item: EvidenceValue, index) => flatten(`${key} ${index + 1}`, item));
  if (typeof value === 'object' && value !== null)
    return [
      [
        key,
        Object.entries(value)
          .map(([name, inner]) => `${name} ${short(inner)}`)
          .join(', '),
      ],
    ];
  return [[key, short(value)]];
}

function short(value: EvidenceValue): string {
  if (typeof value === 'number' && !Number.isInteger(value)) return value.toFixed(value < 10 ? 2 : 1);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
