/** The page around the editor: buttons with words, one line that says how things stand, the form as people see it. */
export function frame(root) {
  const status = element('output', { className: 'bench-status', 'aria-live': 'polite' });
  const save = button('Simpan', 'btn btn-primary');
  const undo = button('Urungkan', 'btn btn-outline-secondary');
  const redo = button('Ulangi', 'btn btn-outline-secondary');
  const bar = element('div', { className: 'bench-bar', role: 'group', 'aria-label': 'Alat formulir' }, save, undo, redo, status);
  const notice = element('div', { className: 'bench-notice', role: 'alert' });
  const editor = element('section', { className: 'form-bench', 'aria-label': 'Editor formulir' });
  const shown = element('div', { className: 'paper sheet form-preview' });
  const findings = element('div', { className: 'form-findings' });
  const side = element(
    'section',
    { className: 'form-side', 'aria-label': 'Seperti yang dilihat pengisinya' },
    element('h2', { className: 'h3', textContent: 'Catatan pemeriksaan' }),
    findings,
    element('h2', { className: 'h3', textContent: 'Seperti yang dilihat pengisinya' }),
    shown,
  );
  root.append(bar, notice, element('div', { className: 'form-bench-row' }, editor, side));

  return {
    editor,
    findings,
    say(words, kind = '') {
      status.textContent = words;
      status.classList.toggle('is-bad', kind === 'bad');
    },
    busy(yes) {
      save.disabled = yes;
    },
    /** Made by our own server from a compiled form; its fields are for looking only. */
    show(html) {
      const parsed = new DOMParser().parseFromString(html, 'text/html');
      const words = element('p', { className: 'muted mb-0', textContent: 'Formulir ini belum dapat disusun; lihat catatannya.' });
      shown.replaceChildren(...(html ? parsed.body.childNodes : [words]));
      for (const control of shown.querySelectorAll('button, input[type=file]')) control.disabled = true;
      for (const hidden of shown.querySelectorAll('[data-js-only][hidden]')) hidden.hidden = false;
    },
    /** Somebody saved in between: who and when, and what may be done now. */
    offer(words, { saved, overwrite }) {
      const look = element('a', { className: 'btn btn-outline-secondary', href: saved, target: '_blank', textContent: 'Lihat yang tersimpan' });
      const mine = button('Timpa dengan milik saya', 'btn btn-outline-danger');
      mine.addEventListener('click', () => window.confirm('Simpanan yang lain akan diganti dengan isi layar ini. Lanjutkan?') && overwrite());
      notice.replaceChildren(element('p', { textContent: words }), element('div', { className: 'actions' }, look, mine));
    },
    settle() {
      notice.replaceChildren();
    },
    onSave: act => save.addEventListener('click', act),
    onUndo: act => undo.addEventListener('click', act),
    onRedo: act => redo.addEventListener('click', act),
  };
}

function button(words, className) {
  return element('button', { type: 'button', className, textContent: words });
}

/** properties: of the element; names with a dash, and role, are attributes (older browsers reflect no ARIA). */
export function element(tag, properties, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-') || name === 'role') made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}
