/**
 * Help with a long checklist (39 OPD), inside one fieldset:
 *   <input type="checkbox" data-check-all="opd">   ticks every box named "opd" that is on view
 *   <input type="text" data-filter>                leaves on view the lines (.form-check) that contain the words
 *   <output data-check-count="opd"></output>       "12 dari 39 dipilih"
 * Boxes out of view keep their ticks: filtering never changes what is sent.
 */
export function helpWithChecklists(root) {
  for (const filter of root.querySelectorAll('[data-filter]')) {
    filter.addEventListener('input', () => {
      filterLines(filter);
      countAgain(filter.closest('fieldset'));
    });
    // Enter in the filter must not send the form around it.
    filter.addEventListener('keydown', event => {
      if (event.key === 'Enter') event.preventDefault();
    });
  }
  root.addEventListener('change', event => {
    const fieldset = event.target.closest?.('fieldset');
    if (!fieldset) return;
    if (event.target.dataset.checkAll !== undefined) tickAll(fieldset, event.target);
    countAgain(fieldset);
  });
  for (const fieldset of root.querySelectorAll('fieldset')) countAgain(fieldset);
}

function boxes(fieldset, name) {
  return [...fieldset.querySelectorAll('input[type=checkbox]')].filter(box => box.name === name && !box.disabled);
}

function onView(box) {
  return !box.closest('[hidden]');
}

function tickAll(fieldset, master) {
  for (const box of boxes(fieldset, master.dataset.checkAll)) {
    if (!onView(box) || box.checked === master.checked) continue;
    box.checked = master.checked;
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

function filterLines(filter) {
  const words = filter.value.toLocaleLowerCase('id').split(/\s+/).filter(Boolean);
  for (const line of filter.closest('fieldset').querySelectorAll('.form-check')) {
    if (line.querySelector('[data-check-all]')) continue;
    const text = line.textContent.toLocaleLowerCase('id');
    line.hidden = !words.every(word => text.includes(word));
  }
}

function countAgain(fieldset) {
  for (const output of fieldset.querySelectorAll('[data-check-count]')) {
    const all = boxes(fieldset, output.dataset.checkCount);
    output.textContent = `${all.filter(box => box.checked).length} dari ${all.length} dipilih`;
  }
  for (const master of fieldset.querySelectorAll('[data-check-all]')) {
    const seen = boxes(fieldset, master.dataset.checkAll).filter(onView);
    const ticked = seen.filter(box => box.checked).length;
    master.checked = seen.length > 0 && ticked === seen.length;
    master.indeterminate = ticked > 0 && ticked < seen.length;
  }
}
