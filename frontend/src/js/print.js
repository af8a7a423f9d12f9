/** `<button data-print>` prints the page. */
export function printOnPress(root) {
  root.addEventListener('click', event => {
    if (event.target.closest('[data-print]')) window.print();
  });
}
