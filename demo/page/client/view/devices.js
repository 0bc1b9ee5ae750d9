/** Which microphone, camera and loudspeaker: three lists, as long as the browser has such a choice. */
import { element, make } from './element.js';

const kinds = [
  { name: 'microphone', kind: 'audioinput', label: 'Microphone' },
  { name: 'camera', kind: 'videoinput', label: 'Camera' },
  { name: 'speaker', kind: 'audiooutput', label: 'Loudspeaker' },
];
const canChooseSpeaker = 'setSinkId' in window.HTMLMediaElement.prototype;

/** What was chosen before, by name of the device; undefined: the browser's own choice. */
export function rememberedDevices() {
  return Object.fromEntries(kinds.map(({ name }) => [name, localStorage.getItem(name) ?? undefined]));
}

/** `choose` gets a name and an id; `failed` hears why that could not be. */
export function createDevices({ choose, failed }) {
  const panel = element('devices');
  const button = element('showDevices');
  const lists = kinds
    .filter(({ name }) => name !== 'speaker' || canChooseSpeaker)
    .map((one) => ({ ...one, select: make('select', { id: `choose-${one.name}` }) }));

  for (const { name, label, select } of lists) {
    select.onchange = async () => {
      localStorage.setItem(name, select.value);
      try {
        await choose(name, select.value);
      } catch (error) {
        failed(`${label} not changed: ${error.message}`);
      }
    };
    panel.append(
      make('div', { className: 'field' }, make('label', { htmlFor: select.id, textContent: label }), select),
    );
  }

  const fill = async () => {
    const found = await navigator.mediaDevices.enumerateDevices();
    for (const { name, kind, label, select } of lists)
      select.replaceChildren(...optionsOf(found, { name, kind, label }));
  };

  button.onclick = async () => {
    if (panel.hidden) await fill();
    panel.hidden = !panel.hidden;
    button.setAttribute('aria-expanded', String(!panel.hidden));
    panel.scrollIntoView({ block: 'nearest' });
  };
  navigator.mediaDevices?.addEventListener('devicechange', () => {
    if (!panel.hidden) void fill();
  });
  /** Names are told once a microphone or camera may be used. */
  return { refresh: () => (panel.hidden ? undefined : fill()) };
}

function optionsOf(found, { name, kind, label }) {
  const own = found.filter((device) => device.kind === kind && device.deviceId !== '');
  if (own.length === 0)
    return [make('option', { value: '', textContent: `${label} as the browser chooses`, selected: true })];
  const chosen = localStorage.getItem(name) ?? own[0].deviceId;
  return own.map(({ deviceId, label: text }, at) =>
    make('option', {
      value: deviceId,
      textContent: text || `${label} ${at + 1}`,
      selected: deviceId === chosen,
    }),
  );
}
