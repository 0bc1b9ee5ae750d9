/** The host page: pods, calls and events as they change, and a button for each pod that may be asked to drain. */
import { podNewsOf, summaryOf } from '/facts/hostWords.ts';

import { element, make } from './view/element.js';
import { createPodCards } from './view/podCards.js';

sessionStorage.removeItem('tries'); // Every file is there.
const keptNews = 20;
let token = '';
let shown = [];

const showStatus = (state, text) => {
  element('status').dataset.state = state;
  element('status').textContent = text;
};
const tell = (text) => {
  element('news').append(make('p', { textContent: text }));
  while (element('news').children.length > keptNews) element('news').firstChild.remove();
};

/** Resolves with whether it was granted; what came of it is shown. */
async function wish(pod, act) {
  try {
    const response = await fetch('/hosts/wishes', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-page-token': token },
      body: JSON.stringify({ pod, act }),
    });
    const { reason } = await response.json();
    showStatus(response.ok ? 'connected' : 'failed', reason);
  } catch {
    showStatus('failed', `${pod} was not asked: the server of this page cannot be reached`);
  }
}

const cards = createPodCards({ list: element('pods'), wish });

function show({ unwatched, pods, events }) {
  element('summary').textContent = summaryOf(pods);
  element('unwatched').hidden = unwatched === null;
  element('unwatched').textContent = unwatched ?? '';
  cards.show(pods);
  podNewsOf(shown, pods).forEach(tell);
  shown = pods;
  element('noEvents').hidden = events.length > 0;
  element('events').hidden = events.length === 0;
  element('events').replaceChildren(...events.map(eventLine));
}

function eventLine({ at, isWarning, reason, note }) {
  const time = make('time', { dateTime: at, textContent: new Date(at).toLocaleTimeString() });
  const kind = make('strong', { textContent: isWarning ? `Warning: ${reason}` : reason });
  return make(
    'li',
    { className: isWarning ? 'warning' : '' },
    time,
    kind,
    make('span', { textContent: note }),
  );
}

const source = new EventSource('/hosts/events');
source.addEventListener('token', ({ data }) => {
  token = data;
  showStatus('connected', 'Live');
});
source.onmessage = ({ data }) => show(JSON.parse(data));
source.onerror = () => showStatus('connecting', 'Connection lost, trying again …');
