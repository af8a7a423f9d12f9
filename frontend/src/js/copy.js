/**
 * `<button data-copy="text">` or `<button data-copy-from="#id">` puts text on the clipboard and says so in its own label.
 */
export function copyOnPress(root) {
  root.addEventListener('click', async event => {
    const button = event.target.closest('[data-copy], [data-copy-from]');
    if (!button) return;
    const text = button.dataset.copy ?? textOf(root.querySelector(button.dataset.copyFrom));
    const done = await copied(text);
    say(button, done ? 'Tersalin' : 'Tidak dapat menyalin');
    if (done) button.dispatchEvent(new Event('alur:copied', { bubbles: true }));
  });
}

function textOf(element) {
  return element?.value ?? element?.innerText ?? '';
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no permission, or a page not served over https
  }
}

function say(button, words) {
  const label = button.querySelector('[data-label]') ?? button;
  label.dataset.before ??= label.textContent;
  label.setAttribute('aria-live', 'polite'); // not a role: the button stays a button, with its name
  label.textContent = words;
  window.setTimeout(() => {
    label.textContent = label.dataset.before;
  }, 2500);
}
