/**
 * Tables of a form, in the page: the buttons "Tambah baris", "Hapus baris" and "Masukkan ke tabel" without a round trip, and cells pasted
 * from Excel. All of it also works by posting `_aksi` (app/forms/reshaping.py); the markup is app/templates/forms/table.html.
 */
import { cellsOf, readSheet } from './paste.js';

const MOST = 500;

export function helpWithTables(root) {
  root.addEventListener('click', event => {
    const button = event.target.closest?.('button[name=_aksi]');
    const table = button?.closest('[data-table]');
    const act = table && ACTS[button.value.split(':')[0]];
    if (act && act(table, button) !== false) event.preventDefault();
  });
  root.addEventListener('paste', event => {
    const cell = event.target.closest?.('[data-table] tbody [name]');
    const text = event.clipboardData?.getData('text/plain') ?? '';
    // One cell's worth is the browser's business; Excel ends even that with a line break.
    if (!cell || !/[\t\n]/.test(text.replace(/\r?\n$/, ''))) return;
    event.preventDefault();
    pasteAt(cell, text);
  });
  leaveFilesOutOfDownloads(root);
}

/** "Unduh format isian" needs what was typed, not the files beside it. */
function leaveFilesOutOfDownloads(root) {
  let downloading = false;
  root.addEventListener('submit', event => {
    downloading = event.submitter?.value.startsWith('unduh:') ?? false;
  });
  root.addEventListener('formdata', ({ formData }) => {
    if (!downloading) return;
    for (const [name, value] of [...formData]) if (value instanceof File) formData.delete(name);
  });
}

const ACTS = {
  tambah(table) {
    const row = addRow(table);
    if (row) row.querySelector('[name]').focus();
    else say(table, `Paling banyak ${MOST} baris.`);
  },
  hapus(table, button) {
    const row = button.closest('tr');
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    if (rowsOf(table).length === 0) addRow(table);
    renumber(table);
    (next?.isConnected ? next : rowsOf(table)[0]).querySelector('button[name=_aksi]').focus();
    changed(table);
  },
  tempel(table) {
    const box = table.querySelector('textarea[name$="._tempel"]');
    const sheet = readSheet(columnsOf(table), cellsOf(box.value));
    const rows = rowsOf(table);
    const filled = rows.filter(row => !isEmpty(row));
    if (sheet.rows.length === 0 || filled.length + sheet.rows.length > MOST) return false; // the server says why
    for (const row of rows) if (isEmpty(row)) row.remove();
    for (const values of sheet.rows) fill(addRow(table), values);
    renumber(table);
    box.value = '';
    box.closest('details').open = false;
    report(table, sheet);
    rowsOf(table)[filled.length].querySelector('[name]').focus();
  },
};

function pasteAt(cell, text) {
  const table = cell.closest('[data-table]');
  const columns = columnsOf(table);
  const first = columns.findIndex(({ key }) => key === columnOf(cell));
  const sheet = readSheet(columns, cellsOf(text), first);
  const start = rowsOf(table).indexOf(cell.closest('tr'));
  if (start + sheet.rows.length > MOST) {
    say(table, `Paling banyak ${MOST} baris; tempelan ini ${sheet.rows.length} baris.`);
    return;
  }
  sheet.rows.forEach((values, at) => fill(rowsOf(table)[start + at] ?? addRow(table), values));
  report(table, sheet);
}

export function rowsOf(table) {
  return [...table.querySelectorAll('tbody > tr')];
}

function columnsOf(table) {
  const writable = new Set([...table.querySelector('template[data-row]').content.querySelectorAll('[name]')].map(columnOf));
  return [...table.querySelectorAll('th[data-column]')].map(({ dataset }) => ({
    key: dataset.column,
    names: [dataset.column, dataset.label, dataset.label.replace(/\s*\([^()]*\)\s*$/, '')],
    fixed: !writable.has(dataset.column),
  }));
}

function columnOf(input) {
  return input.name.split('.')[2];
}

function addRow(table) {
  const rows = rowsOf(table);
  if (rows.length >= MOST) return null;
  const row = table.querySelector('template[data-row]').content.cloneNode(true).firstElementChild;
  table.querySelector('tbody').append(row);
  number(table, row, rows.length + 1);
  changed(table);
  return row;
}

function renumber(table) {
  rowsOf(table).forEach((row, at) => number(table, row, at + 1));
}

/** Names, ids and spoken labels all carry the row number that people see. */
function number(table, row, n) {
  const key = table.dataset.table;
  row.querySelector('.rows-number').textContent = n;
  for (const input of row.querySelectorAll('[name]')) {
    if (input.name === '_aksi') {
      input.value = `hapus:${key}:${n}`;
      input.setAttribute('aria-label', `Hapus baris ${n}`);
      continue;
    }
    const name = `${key}.${n}.${columnOf(input)}`;
    const problem = row.querySelector(`[id="${CSS.escape(`f-${input.name}-problem`)}"]`);
    input.name = name;
    input.id = `f-${name}`;
    input.setAttribute('aria-label', input.getAttribute('aria-label').replace(/\d+$/, n));
    if (problem) {
      problem.id = `f-${name}-problem`;
      input.setAttribute('aria-describedby', problem.id);
    }
  }
}

export function isEmpty(row) {
  return [...row.querySelectorAll('input, select, textarea')].every(input => {
    if (input.type === 'checkbox') return input.checked === input.defaultChecked || !input.checked;
    if (input.tagName === 'SELECT') return !input.value || input.value === [...input.options].find(o => o.defaultSelected)?.value;
    return input.value.trim() === '';
  });
}

function fill(row, values) {
  for (const input of row.querySelectorAll('input, select, textarea')) {
    const text = values[columnOf(input)];
    if (text) write(input, text);
  }
}

function write(input, text) {
  if (input.type === 'checkbox') input.checked = /^(ya|y|v|x|1|true|benar)$/i.test(text);
  else if (input.tagName === 'SELECT') choose(input, text);
  else if (input.type === 'date') writeDate(input, text);
  else input.value = input.tagName === 'TEXTAREA' ? text : text.replace(/\s*\n\s*/g, ' ');
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

/** By value or label; a word that is neither stays to be seen, and the server names it. */
function choose(select, text) {
  const word = text.trim().replace(/\s+/g, ' ').toLocaleLowerCase('id');
  const found = [...select.options].find(o => o.value && [o.value, o.label].some(name => name.toLocaleLowerCase('id') === word));
  if (!found) select.add(new Option(text, text));
  select.value = found ? found.value : text;
}

/** A date input shows nothing but year-month-day: what is written otherwise stays as a text. */
function writeDate(input, text) {
  const [, day, month, year] = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text) ?? [];
  input.value = year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : text;
  if (!input.value) {
    input.type = 'text';
    input.value = text;
  }
}

function report(table, sheet) {
  const skipped = sheet.skipped.length ? ` Kolom yang tidak dikenal dilewati: ${sheet.skipped.join(', ')}.` : '';
  say(table, `${sheet.rows.length} baris dimasukkan ke ${table.dataset.name}.${skipped}`);
  changed(table);
}

function say(table, words) {
  table.querySelector('[data-said]').textContent = words;
}

/** A row gone or come is a change that "unsaved" should know of. */
function changed(table) {
  table.querySelector('tbody [name]')?.dispatchEvent(new Event('input', { bubbles: true }));
}
