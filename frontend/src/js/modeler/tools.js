/** The buttons above the canvas, and the keys that work on the whole page. */
export function wireTools(stage, modeler, { save, check, tidy, fit }) {
  const stack = modeler.get('commandStack');
  const zoom = step => modeler.get('zoomScroll').stepZoom(step);
  const deeds = {
    'save': save,
    'check': check,
    'tidy': tidy,
    'fit': fit,
    'undo': () => stack.undo(),
    'redo': () => stack.redo(),
    'zoom-in': () => zoom(1),
    'zoom-out': () => zoom(-1),
    'find': () => setTimeout(() => modeler.get('searchPad').toggle()), // after this click, which would close it again
    'palette': () => modeler.get('palette').toggle(),
    'panel': () => stage.querySelector('[data-studio]').classList.toggle('is-panel-folded'),
    'help': () => stage.querySelector('[data-help]').showModal(),
  };
  stage.querySelector('.studio-bar').addEventListener('click', event => run(event.target.closest('[data-deed]')));
  document.addEventListener('keydown', event => onKey(event, deeds));
  modeler.on('commandStack.changed', showUndo);
  modeler.on('contextPad.open', ({ current }) => letKeysPress(current.html));
  showUndo();
  if (matchMedia('(max-width: 767.98px)').matches) modeler.get('palette').close(); // it would hide a third of the drawing
  new ResizeObserver(() => modeler.get('canvas').resized()).observe(stage.querySelector('[data-canvas]'));

  /** One press, one deed: a slow answer is waited for. */
  async function run(button) {
    if (!button || button.getAttribute('aria-disabled')) return;
    const slow = ['save', 'check', 'tidy'].includes(button.dataset.deed);
    if (slow) button.setAttribute('aria-disabled', 'true');
    try {
      await deeds[button.dataset.deed]();
    } finally {
      if (slow) button.removeAttribute('aria-disabled');
    }
  }

  function showUndo() {
    stage.querySelector('[data-deed="undo"]').disabled = !stack.canUndo();
    stage.querySelector('[data-deed="redo"]').disabled = !stack.canRedo();
  }
}

/** The pad beside an element is made for the pointer: reach it with Tab, press with Enter or Space. */
function letKeysPress(pad) {
  for (const entry of pad.querySelectorAll('.entry')) {
    entry.tabIndex = 0;
    entry.setAttribute('role', 'button');
    entry.setAttribute('aria-label', entry.title);
    entry.onkeydown = event => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      entry.click();
    };
  }
}

function onKey(event, deeds) {
  if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  // The canvas has keys of its own; the menus beside it, which keep the focus after a choice, have none.
  const typing = event.target.closest?.('input, textarea, select, [contenteditable], dialog, .djs-container svg');
  const deed = { s: deeds.save, f: typing ? undefined : deeds.find }[event.key.toLowerCase()];
  if (!deed) return;
  event.preventDefault();
  deed();
}
