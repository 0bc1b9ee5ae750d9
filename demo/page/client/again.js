/** A browser cuts its requests when an interface of the machine comes or goes: then the page begins anew, twice at most. */
window.addEventListener(
  'error',
  ({ target }) => {
    const tries = Number(sessionStorage.getItem('tries'));
    if (!['SCRIPT', 'LINK'].includes(target.tagName) || tries >= 2) return;
    sessionStorage.setItem('tries', String(tries + 1));
    location.reload();
  },
  true,
);
