/**
 * A message that was copied, or opened in WhatsApp, is a reminder: its `form[data-reminds]` is posted once, beside what the person does.
 * Without scripts the form's own button `[data-reminded]` says so.
 */
export function recordReminders(root) {
  root.addEventListener('alur:copied', event => record(event.target.closest('form[data-reminds]')));
  root.addEventListener('click', event => {
    if (event.target.closest('a')) record(event.target.closest('form[data-reminds]'));
  });
}

async function record(form) {
  if (!form || form.dataset.sent) return;
  form.dataset.sent = 'true'; // the button then sends nothing more: see submit-once.js
  const button = form.querySelector('[data-reminded]');
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      body: new FormData(form),
      headers: { Accept: 'application/json' },
      keepalive: true,
    });
    if (!answer.ok) throw new Error(answer.statusText);
    button.replaceWith(said((await answer.json()).told));
  } catch {
    delete form.dataset.sent; // the button is still there
  }
}

function said(words) {
  const status = document.createElement('span');
  status.setAttribute('role', 'status');
  status.className = 'muted';
  status.textContent = words;
  return status;
}
