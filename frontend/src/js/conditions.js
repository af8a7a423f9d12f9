/**
 * Shows and hides, while somebody types, what the conditions of a form say. `data-show-when` holds the syntax tree that app/forms/feel.py wrote:
 *   ["fixed", true] · ["is", name] · ["=", name, literal] · ["<", name, number] … · ["not", t] · ["unless", t] · ["and", t, t] · ["or", t, t]
 * Nothing is cleared (the server drops what a hidden field says), no focus is moved, nothing is announced.
 * tests/forms/test_conditions_in_browser.py holds both sides to the same answers.
 */
import { isEmpty, rowsOf } from './table.js';

export function followConditions(root) {
  for (const form of root.forms) {
    const parts = [...form.querySelectorAll('[data-show-when]')].map(part => ({ part, tree: JSON.parse(part.dataset.showWhen) }));
    // The answer of a button is not known before it is pressed: what asks for it always shows.
    const judged = parts.filter(({ tree }) => namesOf(tree).every(name => !form.querySelector(`button[name="${name}"]`)));
    if (judged.length === 0) continue;
    const settle = () => showAndHide(form, judged);
    form.addEventListener('input', settle);
    form.addEventListener('change', settle);
    window.addEventListener('pageshow', settle); // Back brings the values back after the page
    settle();
  }
}

/** A hidden field counts as unanswered for the conditions of others; conditions never go round, so this comes to rest. */
function showAndHide(form, parts) {
  for (let pass = 0; pass <= parts.length; pass += 1) {
    const wrong = parts.filter(({ part, tree }) => part.hidden === (judge(tree, name => valueOf(form, name)) === true));
    if (wrong.length === 0) return;
    for (const { part } of wrong) part.hidden = !part.hidden;
  }
}

/** true, false or null (unknown), as FEEL has it. value: name -> what is answered, null for nothing. */
function judge([op, ...rest], value) {
  if (op === 'fixed') return rest[0];
  if (op === 'unless') return judge(rest[0], value) !== true;
  if (op === 'not') {
    const inner = judge(rest[0], value);
    return inner === null ? null : !inner;
  }
  if (op === 'and' || op === 'or') {
    const both = rest.map(tree => judge(tree, value));
    const decisive = op === 'or';
    if (both.includes(decisive)) return decisive;
    return both.includes(null) ? null : !decisive;
  }
  return compare(op, value(rest[0]), rest[1]);
}

function compare(op, found, wanted) {
  if (op === 'is') return typeof found === 'boolean' ? found : null;
  if (op === '=') return found === (wanted === '' ? null : wanted);
  if (op === '!=') return found !== (wanted === '' ? null : wanted);
  if (typeof found !== 'number') return null;
  return { '<': found < wanted, '<=': found <= wanted, '>': found > wanted, '>=': found >= wanted }[op];
}

function namesOf([op, ...rest]) {
  if (op === 'fixed') return [];
  return ['not', 'unless', 'and', 'or'].includes(op) ? rest.flatMap(namesOf) : [rest[0]];
}

/** As app/forms/values.py would store it: text, number, true or false of a box, something of several; null where nothing is answered. */
function valueOf(form, name) {
  const table = form.querySelector(`[data-table="${name}"]`);
  const controls = table ? [table] : [...form.querySelectorAll(`[name="${name}"]`)];
  if (controls.length === 0 || controls[0].closest('[data-show-when][hidden]')) return null;
  const [control] = controls;
  if (table) return rowsOf(table).some(row => !isEmpty(row)) || null;
  if (control.type === 'file') return control.files.length > 0 || document.getElementById(`f-${name}-stored`) !== null || null;
  if (control.type === 'checkbox' && control.id === `f-${name}`) return control.checked;
  if (control.type === 'radio') return controls.find(one => one.checked)?.value ?? null;
  if (control.type === 'checkbox') return controls.some(one => one.checked) ? 'some' : null;
  const text = control.value.normalize('NFC').trim();
  return 'number' in control.dataset ? numberOf(text, control.dataset.number) : text || null;
}

/** "1.234,5" as people here write it; null for what the server would not read. decimals: how many at most, "" for any. */
function numberOf(text, decimals) {
  const plain = text.replace(/[ \t]/g, '').replace(/^Rp/, '').replace(/%$/, '');
  const [, sign, whole, rest = ''] = /^([+-]?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?$/.exec(plain) ?? [];
  const fraction = rest.replace(/0+$/, '');
  if (!whole || text.length > 40 || (decimals && fraction.length > Number(decimals))) return null;
  return Number(`${sign}${whole.replaceAll('.', '')}.${fraction || 0}`);
}
