/** What the person sees. Knows the document, nothing else. */

const element = (id) => document.getElementById(id);
const whole = (value, unit) => (value === undefined ? '–' : `${Math.round(value)} ${unit}`);

/** The page's elements behind names. */
export function createView() {
  const show = (isInCall) => {
    element('door').hidden = isInCall;
    element('room').hidden = !isInCall;
    element('facts').hidden = !isInCall;
  };

  element('copy').onclick = async ({ target }) => {
    await navigator.clipboard.writeText(location.href);
    target.textContent = 'Copied';
    setTimeout(() => (target.textContent = 'Copy link'), 1500);
  };

  return {
    fillDoor: (name, callName) => {
      element('name').value = name;
      element('call').value = callName;
      document.title = element('title').textContent = `Call: ${callName}`;
    },
    onJoin: (join) => {
      element('door').onsubmit = (event) => {
        event.preventDefault();
        join(element('name').value.trim(), element('call').value.trim());
      };
    },
    onMicrophone: (toggle) => (element('microphone').onclick = toggle),
    onLeave: (leave) => (element('leave').onclick = leave),
    showDoor: () => show(false),
    showStatus: (state, text) => {
      element('status').dataset.state = state;
      element('status').textContent = text;
    },
    showRoom: ({ call, place }) => {
      show(true);
      document.title = element('title').textContent = `Call: ${call}`;
      element('pod').textContent = place.pod ?? 'not known';
      element('node').textContent = place.node ?? 'not known';
      element('address').textContent = place.address;
      element('reason').textContent = place.reason;
    },
    showMicrophone: ({ isMuted }) => {
      element('microphone').setAttribute('aria-pressed', String(!isMuted));
      element('microphone').querySelector('span').textContent = isMuted ? 'Unmute' : 'Mute';
    },
    showPeople: (people, ownID) => {
      element('people').replaceChildren(...people.map((person) => tile(person, person.sessionID === ownID)));
    },
    showFacts: ({ roundTripMs, lossRate, jitterBufferMs, voices, way }) => {
      element('roundTrip').textContent = whole(roundTripMs, 'ms');
      element('loss').textContent = `${(lossRate * 100).toFixed(1)} %`;
      element('jitterBuffer').textContent = whole(jitterBufferMs, 'ms');
      element('voices').textContent = String(voices);
      element('way').textContent = wayText(way);
    },
    showRules: async () => {
      const rules = await (await fetch('/rules.json')).json();
      element('rules').replaceChildren(...rules.map(({ says, source }) => row([says, source])));
    },
  };
}

function wayText(way) {
  if (way === undefined) return '–';
  return way.kind === 'relay' ? `relayed by ${way.url}, ${way.relayProtocol.toUpperCase()}` : 'direct';
}

function tile({ name, isMuted, isSpeaking }, isOwn) {
  const item = document.createElement('li');
  item.className = `person${isSpeaking ? ' speaking' : ''}`;
  item.style.setProperty(
    '--hue',
    String([...name].reduce((sum, letter) => sum + letter.codePointAt(0) * 37, 0) % 360),
  );
  const face = document.createElement('div');
  face.className = 'face';
  face.setAttribute('aria-hidden', 'true');
  face.textContent = [...name.trim()][0]?.toUpperCase() ?? '?';
  const who = document.createElement('div');
  who.className = 'who';
  const microphone = element('microphone').querySelector('svg').cloneNode(true);
  microphone.classList.toggle('open', !isMuted);
  const text = document.createElement('span');
  text.textContent = isOwn ? `${name} (you)` : name;
  who.append(microphone, text);
  item.append(face, who);
  item.setAttribute(
    'aria-label',
    `${text.textContent}, ${isMuted ? 'muted' : isSpeaking ? 'speaking' : 'not muted'}`,
  );
  return item;
}

function row(cells) {
  const line = document.createElement('tr');
  line.append(
    ...cells.map((text) => {
      const cell = document.createElement('td');
      cell.textContent = text;
      return cell;
    }),
  );
  return line;
}
