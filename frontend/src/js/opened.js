/**
 * Tells the server, once, that a performer has opened a task: `<… data-opened="/tugas/…/dibuka">`. A page that was only fetched beforehand,
 * or stands in a tab nobody has looked at, is not open yet.
 */
export function tellOpened(root) {
  const part = root.querySelector('[data-opened]');
  if (!part) return;
  if (root.visibilityState === 'visible') tell(part);
  else root.addEventListener('visibilitychange', () => tell(part), { once: true });
}

function tell(part) {
  const token = document.querySelector('input[name=csrf_token]').value;
  // Nothing depends on the answer: what could not be told is told the next time, or never.
  fetch(part.dataset.opened, { method: 'POST', headers: { 'X-CSRFToken': token }, keepalive: true }).catch(() => {});
}
