/** Where the call runs and why there, how the connection is, and the rules of the plugin. */
import { element, row } from './element.js';

const whole = (value, unit) => (value === undefined ? '–' : `${Math.round(value)} ${unit}`);

/** Of the place that the page's server told. */
export function showPlace({ pod, node, address, reason, asked }) {
  element('pod').textContent = pod ?? 'not known';
  element('node').textContent = node ?? 'not known';
  element('address').textContent = address;
  element('reason').textContent = reason;
  element('asked').hidden = asked.length === 0;
  element('asked').tBodies[0].replaceChildren(
    ...asked.map((one) => {
      const line = row([one.pod ?? one.address, one.cpuLoad?.toPrecision(3) ?? 'no answer']);
      if (one.address !== address) return line;
      line.className = 'chosen';
      line.cells[0].append(' (chosen)');
      return line;
    }),
  );
}

/** Once a second. */
export function showFacts({ roundTripMs, lossRate, jitterBufferMs, voices, way }) {
  element('roundTrip').textContent = whole(roundTripMs, 'ms');
  element('loss').textContent = `${(lossRate * 100).toFixed(1)} %`;
  element('jitterBuffer').textContent = whole(jitterBufferMs, 'ms');
  element('voices').textContent = String(voices);
  element('way').textContent = wayText(way);
}

/** Once. */
export async function showRules() {
  const rules = await (await fetch('/rules.json')).json();
  element('rules').replaceChildren(...rules.map(({ says, source }) => row([says, source])));
}

function wayText(way) {
  if (way === undefined) return '–';
  return way.kind === 'relay' ? `relayed by ${way.url}, ${way.relayProtocol.toUpperCase()}` : 'direct';
}
