/** Warn before leaving a `form[data-warn]` that has been changed and not sent. */
export function warnAboutUnsaved(root) {
  const dirty = new Set();
  const warned = form => form instanceof HTMLFormElement && 'warn' in form.dataset;

  root.addEventListener('input', event => {
    if (warned(event.target.form)) dirty.add(event.target.form);
  });
  root.addEventListener('submit', event => {
    if (!event.defaultPrevented) dirty.delete(event.target);
  });
  root.addEventListener('alur:saved', event => dirty.delete(event.target));
  window.addEventListener('beforeunload', event => {
    if (dirty.size > 0) event.preventDefault();
  });
}
