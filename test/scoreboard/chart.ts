/** PURE: rounds → line charts in SVG. */
import type { Round } from './board.ts';

const width = 860;
const height = 300;
const margin = { left: 44, right: 200, top: 34, bottom: 30 };
const colors = ['#0b6e4f', '#7fb069', '#c1440e', '#e07a5f', '#3d5a80', '#98722f'];
const people = '#c9ced6';

/** Wanted pods of every policy over the trace, with the people behind. */
export function chartOf({ trace, outcomes }: Round): string {
  const crowd = outcomes[0]?.people ?? [];
  const most = Math.max(4, ...outcomes.flatMap(({ wanted }) => wanted)) * 1.1;
  const place = placed(crowd.length, most);
  const lines = outcomes.map(({ wanted }, index) => polyline(wanted.map(place), colors[index] ?? '#000'));
  const share = (most * 0.9) / Math.max(1, ...crowd);
  const area = [
    ...crowd.map((count, index) => place(count * share, index)),
    place(0, crowd.length - 1),
    place(0, 0),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${margin.left}" y="20" font-size="14">${trace.name}: ${trace.about}</text>`,
    `<polygon points="${area.join(' ')}" fill="${people}" opacity="0.5"/>`,
    ...axes(most, trace.lengthMs),
    ...lines,
    ...legend([...outcomes.map(({ policy }) => policy), `people, at most ${Math.max(0, ...crowd)}`]),
    '</svg>',
    '',
  ].join('\n');
}

const plotWidth = width - margin.left - margin.right;
const plotHeight = height - margin.top - margin.bottom;

function placed(count: number, most: number): (value: number, index: number) => string {
  return (value, index) => {
    const x = margin.left + (plotWidth * index) / Math.max(1, count - 1);
    const y = margin.top + plotHeight * (1 - value / most);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
}

function polyline(points: readonly string[], color: string): string {
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="1.6"/>`;
}

function axes(most: number, lengthMs: number): string[] {
  const step = Math.ceil(most / 5);
  const pods = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
  const hours = lengthMs / 3_600_000;
  const hourStep = Math.ceil(hours / 8);
  const times = Array.from({ length: Math.floor(hours / hourStep) + 1 }, (_, index) => index * hourStep);
  const bottom = margin.top + plotHeight;
  return [
    ...pods.map((value) => {
      const y = (margin.top + plotHeight * (1 - value / most)).toFixed(1);
      return `<line x1="${margin.left}" x2="${margin.left + plotWidth}" y1="${y}" y2="${y}" stroke="#e3e6ea"/><text x="${margin.left - 8}" y="${y}" text-anchor="end" dominant-baseline="middle">${value}</text>`;
    }),
    ...times.map((value) => {
      const x = (margin.left + (plotWidth * value) / hours).toFixed(1);
      return `<text x="${x}" y="${bottom + 18}" text-anchor="middle">${value} h</text>`;
    }),
  ];
}

function legend(names: readonly string[]): string[] {
  return names.flatMap((name, index) => {
    const y = margin.top + 8 + index * 20;
    const x = margin.left + plotWidth + 14;
    const color = index === names.length - 1 ? people : (colors[index] ?? '#000');
    return [
      `<rect x="${x}" y="${y - 6}" width="14" height="4" fill="${color}"/>`,
      `<text x="${x + 20}" y="${y}" font-size="11">${name}</text>`,
    ];
  });
}
