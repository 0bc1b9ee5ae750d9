/** One picture, enlarged: a screen that somebody else begins to share, or whatever was clicked. Escape makes it small. */
import { element } from './element.js';

/** `onChange` gets the key of the picture that is enlarged, undefined for none. */
export function createStage(onChange) {
  let shown;

  const show = (picture) => {
    shown = picture;
    element('stage').hidden = picture === undefined;
    element('enlarged').srcObject = picture?.stream ?? null;
    element('enlarged').setAttribute('aria-label', picture?.name ?? '');
    element('enlargedName').textContent = picture?.name ?? '';
    onChange(picture?.key);
  };
  const close = () => {
    if (shown === undefined) return;
    const hadFocus = element('stage').contains(document.activeElement);
    show(undefined);
    if (hadFocus) element('microphone').focus();
  };

  element('makeSmall').onclick = close;
  element('fullScreen').onclick = () => void element('enlarged').requestFullscreen();
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') close();
  });

  return {
    toggle: (picture) => (shown?.key === picture.key ? close() : show(picture)),
    /** A screen is what everybody should look at; a camera, or our own screen, waits to be clicked. */
    appeared: (picture) => {
      if (shown === undefined && picture.type === 'screen' && !picture.isOwn) show(picture);
    },
    vanished: ({ key }) => {
      if (shown?.key === key) close();
    },
    close,
  };
}
