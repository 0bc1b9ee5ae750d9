/** A card for each pod. Cards stay, so that the focus does. */
import { sayingOf } from '/facts/hostWords.ts';

import { icon, make } from './element.js';

const words = { drain: 'Drain', undrain: 'Take back the drain' };
const states = ['Pending', 'Starting', 'Gated', 'Published', 'Cordoned', 'Draining', 'Failed', 'Unknown'];

/** `wish(pod, act)` is called when a button is pressed. */
export function createPodCards({ list, wish }) {
  const cards = new Map();
  return {
    show: (pods) => {
      for (const [name, card] of [...cards]) {
        if (pods.some((pod) => pod.name === name)) continue;
        card.item.remove();
        cards.delete(name);
      }
      pods.forEach((pod, at) => {
        if (!cards.has(pod.name)) cards.set(pod.name, createCard(pod.name, wish));
        const { item, show } = cards.get(pod.name);
        show(pod);
        if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null);
      });
    },
  };
}

function createCard(name, wish) {
  const id = `pod-${name}`;
  const state = make('span', { className: 'state' });
  const head = make('div', { className: 'head' }, make('h3', { id, textContent: name }), state);
  const message = make('p', { className: 'message' });
  const load = createLoad(name);
  const facts = make('dl');
  const calls = make('ul', { className: 'calls', 'aria-label': `Calls on ${name}` });
  const saying = make('p', { className: 'saying' });
  const button = make('button', { type: 'button' });
  const why = make('p', { className: 'hint', id: `${id}-why` });
  button.setAttribute('aria-describedby', why.id);
  const item = make('li', { className: 'card pod', 'aria-labelledby': id });
  item.append(head, message, load.row, facts, calls, saying, button, why);

  let act = 'nothing';
  let shown = '';
  button.onclick = async () => {
    button.disabled = true;
    await wish(name, act);
    button.disabled = false;
    button.focus();
  };

  return {
    item,
    show: (pod) => {
      if (JSON.stringify(pod) === shown) return; // Whoever reads it is not disturbed.
      shown = JSON.stringify(pod);
      state.textContent = pod.state;
      state.dataset.state = states.includes(pod.state) ? pod.state : 'Unknown';
      message.textContent = pod.message ?? pod.reason ?? '';
      message.hidden = message.textContent === '';
      load.show(pod.facts, pod.silence);
      facts.replaceChildren(...factLines(pod));
      calls.hidden = pod.calls.length === 0;
      calls.replaceChildren(...pod.calls.map(callLine));
      saying.textContent = sayingOf(pod);
      act = pod.offer.act;
      button.hidden = act === 'nothing';
      button.textContent = words[act] ?? '';
      button.setAttribute('aria-label', act === 'drain' ? `Drain ${name}` : `Take back the drain of ${name}`);
      button.className = act === 'undrain' ? 'primary' : '';
      why.textContent = pod.offer.reason;
    },
  };
}

function createLoad(name) {
  const text = make('span');
  const fill = make('span', { className: 'fill' });
  const meter = make('span', { className: 'meter', role: 'meter', 'aria-label': `Load of ${name}` }, fill);
  meter.setAttribute('aria-valuemin', '0');
  meter.setAttribute('aria-valuemax', '100');
  const row = make('div', { className: 'load' }, meter, text);
  return {
    row,
    show: (facts, silence) => {
      const percent = Math.round((facts?.load ?? 0) * 100);
      row.hidden = facts === null && silence === null;
      meter.hidden = facts === null;
      meter.setAttribute('aria-valuenow', String(percent));
      fill.style.width = `${Math.min(100, Math.max(2, percent))}%`;
      text.textContent = facts === null ? (silence ?? '') : `${percent} % load, ${facts.sessions} in calls`;
    },
  };
}

function factLines({ node, address, takesNewCalls, drain, deadline }) {
  const told = takesNewCalls === null ? 'unknown' : takesNewCalls ? 'yes' : 'no';
  const rows = [
    ['Node', node ?? '–'],
    ['Address', address ?? '–'],
    ['Gets new calls', told],
    ...(drain === null ? [] : [['Drains because of', drain]]),
    ...(deadline === null ? [] : [['At the latest', new Date(deadline).toLocaleTimeString()]]),
  ];
  return rows.flatMap(([term, value]) => [
    make('dt', { textContent: term }),
    make('dd', { textContent: value }),
  ]);
}

function callLine({ channel, people }) {
  const chips = people.map(({ name, isSpeaking, isMuted }) => {
    const chip = make(
      'li',
      { className: `chip${isSpeaking ? ' speaking' : ''}` },
      icon(`microphone${isMuted ? '-off' : ''}`),
      name,
    );
    chip.setAttribute('aria-label', `${name}, ${isMuted ? 'muted' : isSpeaking ? 'speaking' : 'not muted'}`);
    return chip;
  });
  const list = make('ul', { className: 'chips', 'aria-label': `People in ${channel}` }, ...chips);
  return make('li', {}, make('strong', { textContent: channel }), list);
}
