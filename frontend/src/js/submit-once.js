/**
 * A second press of a slow button sends nothing. The server refuses a repeated token anyway; this spares the reader the wait.
 *
 * Buttons get aria-disabled and stay enabled: a disabled button would not post its name and value.
 * Left alone: GET forms (filters), and forms or buttons with data-repeat (downloads, where the page stays).
 */
export function submitOnce(root) {
  root.addEventListener('submit', event => {
    const form = event.target;
    const posts = form.getAttribute('method')?.toLowerCase() === 'post';
    const repeats = 'repeat' in form.dataset || 'repeat' in (event.submitter?.dataset ?? {});
    if (event.defaultPrevented || !posts || repeats) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'true';
    for (const button of form.querySelectorAll('button[type=submit], input[type=submit]')) {
      button.setAttribute('aria-disabled', 'true');
    }
  });

  // Coming back with the browser's Back button restores the page as it was left: allow another try.
  window.addEventListener('pageshow', event => {
    if (!event.persisted) return;
    for (const form of root.querySelectorAll('form[data-sent]')) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll('[aria-disabled]')) button.removeAttribute('aria-disabled');
    }
  });
}
