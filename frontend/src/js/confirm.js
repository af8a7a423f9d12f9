/**
 * Ask before what cannot be undone: `data-confirm="Batalkan pelaksanaan ini?"` on a form or on one of its buttons.
 * The button's own question wins over the form's.
 */
export function askBeforeSubmitting(root) {
  root.addEventListener('submit', event => {
    const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  });
}
