/** Pure: both servers' CPU of a packet in each scenario, as bars. */
import { colourOf, element, ink, words } from '../../charts/monitoring/picture/svg.ts';
import { measureOf, valueOf } from './measures.ts';
import type { RoundsByScenario } from './tables.ts';

const width = 760;
const left = 150;
const room = width - left - 70;
const barHeight = 14;
const rowHeight = 2 * barHeight + 14;
const top = 44;
const sides = ['ours', 'rtcd'] as const;

/** Scenarios without such a figure are left out. */
export function pictureOf(played: RoundsByScenario): string {
  const measure = measureOf('cpuPerPacketUs');
  const rows = [...played]
    .map(([name, rounds]) => ({ name, values: sides.map((side) => valueOf(rounds, side, measure)) }))
    .filter(({ values }) => values.every(Number.isFinite));
  const most = Math.max(1, ...rows.flatMap(({ values }) => values));
  const height = top + rows.length * rowHeight + 10;
  const bars = rows.flatMap(({ name, values }, row) => {
    const y = top + row * rowHeight;
    return [
      words(name, [left - 10, y + barHeight + 4], { anchor: 'end' }),
      ...values.flatMap((value, index) => {
        const [barTop, length] = [y + index * barHeight, (value / most) * room];
        const box = { x: left, y: barTop, width: length, height: barHeight - 2 };
        return [
          element('rect', { ...box, fill: colourOf(index) }),
          words(value.toFixed(1), [left + length + 6, barTop + barHeight - 4], { size: 11 }),
        ];
      }),
    ];
  });
  const head = words('CPU of the server for one forwarded packet, µs (less is better)', [10, 18], {
    isBold: true,
  });
  const legend = sides.map((side, index) =>
    words(side, [left + index * 60, 36], { colour: colourOf(index), isBold: true }),
  );
  const paper = element('rect', { x: 0, y: 0, width, height, fill: ink.paper });
  const frame = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    'font-family': 'sans-serif',
  };
  return `${element('svg', frame, [paper, head, ...legend, ...bars].join('\n'))}\n`;
}
