/**
 * Large files on weak lines: in `<form data-uploads="/unggahan" data-upload-for="…">` a file of more than one piece is sent as soon as it is
 * chosen, while the person types on. A failed piece is sent again after a pause; the same file chosen again, after a reload or another
 * sign-in, goes on where it stopped (app/web/uploading.py). When all is there the input is empty again: sending the form sends no file.
 * Smaller files, several at once, what a table reads at once (`data-whole`) and pages without scripts send their files with the form.
 */
import { saveNow } from './autosave.js';

const PIECE = 1 << 20; // bytes, as app/uploads.py says
const PAUSES = [1, 2, 5, 10, 20, 30]; // seconds before a failed piece is sent again
const SILENCE = 90_000; // ms in which not a byte moved: the line is dead, whatever the browser believes
const BROKEN = 'Sambungan terputus; dilanjutkan otomatis.';
const LOST = 'Unggahan tidak dapat dilanjutkan. Muat ulang halaman, lalu pilih berkas yang sama.';

export function uploadInPieces(root) {
  const running = new Map(); // file input: what stops its upload
  const held = new Map(); // form: the press that waits until its uploads are done

  root.addEventListener('change', ({ target }) => {
    if (target.type !== 'file' || target.multiple || 'whole' in target.dataset || !target.form?.dataset.uploads) return;
    running.get(target)?.();
    target.parentElement.querySelector('.upload')?.remove();
    const [file] = target.files;
    if (file?.size > PIECE) upload(target, file);
    else letGo(target.form);
  });
  // While it goes down to the form: before any question is asked, and before the form counts as sent.
  root.addEventListener('submit', event => {
    if (!isBusy(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    hold(event.target, event.submitter);
  }, true);
  window.addEventListener('beforeunload', event => {
    if (running.size > 0) event.preventDefault();
  });

  function isBusy(form) {
    return [...running.keys()].some(input => input.form === form);
  }

  async function upload(input, file) {
    const { form } = input;
    const aborter = new AbortController();
    const view = show(input, file, () => {
      stop();
      input.value = '';
      letGo(form);
      input.focus();
    });
    const stop = () => {
      aborter.abort();
      running.delete(input);
      view.box.remove();
    };
    running.set(input, stop);
    try {
      const stored = await send(form, input.name, file, aborter.signal, view);
      stop();
      input.value = '';
      list(input, stored);
      if (!isBusy(form)) letGo(form, true);
    } catch (problem) {
      if (aborter.signal.aborted) return;
      running.delete(input);
      if (problem.status === 422 || problem.status === 401) input.value = ''; // of no use to the form either
      view.fail(problem.status === 401 ? `${problem.message} Lalu pilih berkas yang sama; unggahan dilanjutkan.` : problem.message);
      letGo(form);
    }
  }

  function hold(form, submitter) {
    letGo(form);
    const button = submitter ?? form.querySelector('button[type=submit]:not([disabled])');
    held.set(form, { submitter, button, label: [...button.childNodes] });
    button.replaceChildren('Menunggu unggahan selesai…');
    button.setAttribute('aria-disabled', 'true');
  }

  function letGo(form, sends = false) {
    const press = held.get(form);
    if (!press) return;
    held.delete(form);
    press.button.replaceChildren(...press.label);
    press.button.removeAttribute('aria-disabled');
    if (sends) form.requestSubmit(press.submitter);
  }
}

/** Until the server has it all; what it then says of the file. Throws {status, message} where sending again would not help. */
async function send(form, field, file, signal, view) {
  const question = JSON.stringify({
    untuk: form.dataset.uploadFor, isian: field, nama: file.name, ukuran: file.size, diubah: file.lastModified, token: form.elements.token.value,
  });
  const csrf = form.elements.csrf_token.value;
  let begun = null;
  for (let failures = 0; ; ) {
    try {
      if (begun) {
        const from = begun.received;
        const url = `${form.dataset.uploads}/${begun.id}/${from}`;
        const told = await ask('PUT', url, file.slice(from, from + PIECE), csrf, signal, sent => view.moved(from + sent));
        if (told.file) return told.file;
        begun.received = told.received;
      } else {
        if ('autosave' in form.dataset) await saveNow(form); // after a reload the form is the same one, with what was typed
        begun = await ask('POST', form.dataset.uploads, question, csrf, signal);
      }
      failures = 0;
      view.moved(begun.received);
      view.say('');
    } catch (problem) {
      signal.throwIfAborted();
      if (begun && problem.received !== undefined) begun.received = problem.received;
      else if (begun && problem.status === 404) begun = null;
      else if (problem.status > 0 && problem.status < 500) throw problem;
      view.say(problem.status > 0 && problem.message ? `${problem.message} Dicoba lagi otomatis.` : BROKEN);
      await pause(PAUSES[Math.min(failures, PAUSES.length - 1)] * 1000, signal);
      failures += 1;
    }
  }
}

/** JSON out; throws {status, message, received}, status 0 where no answer came. Not fetch: it does not tell how much has been sent. */
function ask(method, url, body, csrf, signal, moved = () => {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const over = new AbortController(); // takes our listeners away again
    const abort = () => request.abort();
    let silence;
    const heard = () => {
      window.clearTimeout(silence);
      silence = window.setTimeout(abort, SILENCE);
    };
    request.open(method, url);
    request.responseType = 'json';
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('X-CSRFToken', csrf);
    request.upload.addEventListener('progress', event => {
      heard();
      moved(event.loaded);
    });
    request.addEventListener('loadend', () => {
      window.clearTimeout(silence);
      over.abort();
      const { status, response } = request;
      if (status === 200 && response) resolve(response);
      else reject({ status, message: response?.problem ?? (status >= 500 ? '' : LOST), received: response?.received });
    });
    signal.addEventListener('abort', abort, { signal: over.signal });
    window.addEventListener('online', abort, { signal: over.signal }); // another line: what waits on the old one waits in vain
    heard();
    request.send(body);
  });
}

function pause(ms, signal) {
  return new Promise(resolve => {
    const over = new AbortController();
    const go = () => {
      over.abort();
      resolve();
    };
    const timer = window.setTimeout(go, ms);
    over.signal.addEventListener('abort', () => window.clearTimeout(timer));
    window.addEventListener('online', go, { signal: over.signal });
    signal.addEventListener('abort', go, { signal: over.signal });
  });
}

function show(input, file, cancel) {
  const box = make('div', { className: 'upload' });
  const words = make('p', { className: 'upload-words' });
  const bar = make('progress', { max: file.size, value: 0 });
  const state = make('p', { className: 'upload-state' });
  const button = make('button', { type: 'button', className: 'btn btn-link', textContent: 'Batalkan unggahan' });
  bar.setAttribute('aria-label', `Unggahan ${file.name}`);
  state.setAttribute('role', 'status');
  button.addEventListener('click', cancel);
  box.append(words, bar, state, button);
  input.after(box);
  document.querySelector(`#${CSS.escape(input.id)}-stored [data-stopped]`)?.remove();
  const moved = bytes => {
    bar.value = Math.min(bytes, file.size);
    words.textContent = `Mengunggah ${file.name}: ${mb(bar.value)} dari ${mb(file.size)} MB`;
  };
  const say = text => {
    if (state.textContent !== text) state.textContent = text;
  };
  const fail = text => {
    const problem = make('p', { className: 'problem', textContent: text });
    problem.setAttribute('role', 'alert');
    box.replaceChildren(problem);
  };
  moved(0);
  return { box, moved, say, fail };
}

/** As app/templates/forms/fields.html lists it. */
function list(input, { nama, ukuran, url }) {
  const id = `${input.id}-stored`;
  let found = document.getElementById(id);
  if (!found) {
    found = make('ul', { id, className: 'list-unstyled mb-1' });
    input.before(found);
    input.setAttribute('aria-describedby', `${input.getAttribute('aria-describedby') ?? ''} ${id}`.trim());
  }
  found.setAttribute('aria-live', 'polite');
  const line = make('li', {});
  line.append('Sudah diunggah: ', make('a', { href: url, textContent: nama }), ` (${mb(ukuran)} MB)`);
  found.replaceChildren(line);
}

function make(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function mb(bytes) {
  return (bytes / 1_048_576).toLocaleString('id', { maximumFractionDigits: 1 });
}
