/**
 * Keeps what is typed: `<form data-autosave="/tugas/…/simpan">` is posted there some time after a change, without its files,
 * and the line `[data-autosave-status]` in it says when. The button "Simpan sementara" does the same where no script runs.
 */
const AFTER = 20_000; // ms

export function saveNowAndThen(root, after = AFTER) {
  const timers = new Map();
  const saves = form => form instanceof HTMLFormElement && 'autosave' in form.dataset;

  root.addEventListener('input', event => {
    const form = event.target.form;
    if (saves(form) && !timers.has(form)) timers.set(form, window.setTimeout(() => save(form), after));
  });
  root.addEventListener('submit', event => stop(event.target));
  root.addEventListener('visibilitychange', () => {
    // On a phone this is often the last thing that a page hears.
    if (document.visibilityState === 'hidden') for (const form of [...timers.keys()]) save(form);
  });

  function stop(form) {
    window.clearTimeout(timers.get(form));
    timers.delete(form);
  }

  async function save(form) {
    stop(form);
    if (!form.dataset.sent) await saveNow(form);
  }
}

export async function saveNow(form) {
  say(form, await send(form));
}

async function send(form) {
  const texts = new FormData(form);
  for (const [name, value] of [...texts]) if (value instanceof File) texts.delete(name);
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: 'POST',
      body: texts,
      headers: { Accept: 'application/json' },
      keepalive: true,
    });
    const told = await answer.json();
    if (!answer.ok) return told.problem ?? 'Belum tersimpan.';
    form.dispatchEvent(new Event('alur:saved', { bubbles: true }));
    return `Tersimpan pukul ${told.saved}`;
  } catch {
    return 'Belum tersimpan: sambungan terputus. Isian tetap di layar ini.';
  }
}

function say(form, words) {
  const status = form.querySelector('[data-autosave-status]');
  if (status) status.textContent = words;
}
