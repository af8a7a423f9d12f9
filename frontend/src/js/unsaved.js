/** Warn before leaving a `form[data-warn]` that has been changed and not sent. */
export function warnAboutUnsaved(root) {
  const dirty = new Set();
  let downloading = false; // the page stays, with what was typed, though the browser asks as if it left
  const warned = form => form instanceof HTMLFormElement && 'warn' in form.dataset;

  root.addEventListener('input', event => {
    if (warned(event.target.form)) dirty.add(event.target.form);
  });
  root.addEventListener('submit', event => {
    if (event.defaultPrevented) return;
    downloading = 'repeat' in (event.submitter?.dataset ?? {});
    if (!downloading) dirty.delete(event.target);
  });
  root.addEventListener('alur:saved', event => dirty.delete(event.target));
  window.addEventListener('beforeunload', event => {
    if (dirty.size > 0 && !downloading) event.preventDefault();
    downloading = false;
  });
}
