/** How well somebody comes through, in a word, with the numbers behind it one click or key away. */
import { make } from './element.js';

const words = { good: 'Good', fair: 'Fair', poor: 'Poor', quiet: 'Quiet' };
const whole = (value, unit) => (value === undefined ? '–' : `${Math.round(value)} ${unit}`);
/** Numbers stay with their units: of a line that is too long the comma is where it breaks. */
const together = (text) => text.replaceAll(/(?<!,) /g, '\u00a0');

/** `button` opens `numbers`. */
export function createBadge(sessionID) {
  const id = `numbers-${sessionID}`;
  const bars = make('span', { className: 'bars', 'aria-hidden': 'true' }, make('i'), make('i'), make('i'));
  const word = make('span', { className: 'grade' });
  const attributes = { type: 'button', className: 'badge', 'aria-expanded': 'false', 'aria-controls': id };
  const button = make('button', { ...attributes, hidden: true }, bars, word);
  const numbers = make('div', { id, className: 'numbers', hidden: true });
  let owner = '';

  button.onclick = () => {
    numbers.hidden = !numbers.hidden;
    button.setAttribute('aria-expanded', String(!numbers.hidden));
  };

  return {
    button,
    numbers,
    name: (name) => (owner = name),
    show: (quality) => {
      button.hidden = quality === undefined;
      if (quality === undefined) return;
      button.dataset.grade = quality.grade;
      word.textContent = words[quality.grade];
      button.setAttribute('aria-label', `Connection of ${owner}: ${words[quality.grade]}`);
      if (!numbers.hidden) numbers.replaceChildren(...linesOf(quality));
      else numbers.replaceChildren();
    },
  };
}

function linesOf({ reason, numbers }) {
  const { lossRate, jitterMs, roundTripMs, bitsPerSecond, picture } = numbers;
  const rows = [
    ['Loss', lossRate === undefined ? '–' : `${(lossRate * 100).toFixed(1)} %`],
    ['Round trip', whole(roundTripMs, 'ms')],
    ['Jitter', whole(jitterMs, 'ms')],
    ['Bitrate', whole(bitsPerSecond / 1000, 'kbit/s')],
    ...(picture === undefined ? [] : [['Picture', picture]]),
  ];
  const list = make('dl');
  for (const [term, value] of rows)
    list.append(make('dt', { textContent: term }), make('dd', { textContent: together(value) }));
  return [make('p', { textContent: reason }), list];
}
