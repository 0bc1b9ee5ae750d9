/** The document, and small pieces of it. */

/** One that the page has from the start. */
export const element = (id) => document.getElementById(id);

/** A new one: properties, `aria-…` and `data-…` as attributes, then what is in it. */
export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(properties))
    if (key.includes('-') || key === 'role') made.setAttribute(key, value);
    else made[key] = value;
  made.append(...children);
  return made;
}

/** One of `icons.svg`, for the eye only. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Another icon and another word on a button that has both. */
export function relabel(button, { icon: name, text, isPressed }) {
  button.querySelector('use').setAttribute('href', `/icons.svg#${name}`);
  button.querySelector('span').textContent = text;
  if (isPressed !== undefined) button.setAttribute('aria-pressed', String(isPressed));
}

/** A row of cells with text. */
export function row(cells) {
  return make('tr', {}, ...cells.map((textContent) => make('td', { textContent })));
}
