/** "Catatan pemeriksaan diagram" under the canvas: what linting.js says of the drawing, and what the server said of its forms. */
const SEVERITY = {
  error: ['Kesalahan', 'terlambat'],
  warn: ['Peringatan', 'dikembalikan'],
  info: ['Keterangan', 'belum'],
};
const ORDER = ['error', 'warn', 'info'];
const OF_SERVER = { error: 'error', warning: 'warn', info: 'info' };

/**
 * @param show shows an element by id: selects it, brings it into view, opens its fields.
 * @returns {{setServed(findings, clock), setStale(), open()}} clock: "10.42 WIB", when the server looked.
 */
export function listFindings(stage, modeler, choices, show) {
  const box = stage.querySelector('[data-findings]');
  const [count, when, list] = ['[data-findings-count]', '[data-findings-when]', 'ul'].map(selector => box.querySelector(selector));
  let ofForms = [];
  let ofDrawing = [];

  modeler.on('linting.completed', ({ issues }) => {
    ofDrawing = Object.values(issues).flat();
    draw();
  });

  function draw() {
    const lines = [...ofDrawing.map(lineOfDrawing), ...ofForms.map(lineOfForm)];
    lines.sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
    count.textContent = lines.length === 0 ? 'tidak ada catatan' : inWords(lines);
    list.replaceChildren(...lines.map(row));
  }

  function lineOfDrawing({ id, actualElementId, category, message }) {
    const element = modeler.get('elementRegistry').get(id);
    return { severity: category, message, where: nameOf(element, actualElementId ?? id), act: () => show(id) };
  }

  function lineOfForm({ file, element, name, severity, message }) {
    const id = file.replace(/\.form$/, '');
    const form = choices.forms.find(one => one.id === id);
    const address = form && `${form.address}${element ? `?isian=${encodeURIComponent(element)}` : ''}`;
    return { severity: OF_SERVER[severity], message, where: `formulir ${id}${name ? `, ${name}` : ''}`, address };
  }

  return {
    setServed(findings, clock) {
      ofForms = findings.filter(({ file }) => file.endsWith('.form'));
      when.textContent = `diperiksa server pukul ${clock}`;
      modeler.get('linting').setServed(findings);
    },
    setStale() {
      if (when.textContent && !when.textContent.includes('sebelum')) when.textContent += ', sebelum perubahan terakhir';
    },
    open() {
      box.open = true;
    },
  };
}

function inWords(lines) {
  const number = severity => lines.filter(line => line.severity === severity).length;
  return ORDER.filter(number).map(severity => `${number(severity)} ${SEVERITY[severity][0].toLowerCase()}`).join(', ');
}

function row({ severity, message, where, act, address }) {
  const item = document.createElement('li');
  const state = document.createElement('span');
  const [word, look] = SEVERITY[severity];
  state.className = `state state-${look}`;
  state.textContent = word;
  const place = document.createElement(address ? 'a' : act ? 'button' : 'span');
  place.textContent = where;
  if (address) place.href = address;
  if (act) Object.assign(place, { type: 'button', className: 'btn btn-link btn-sm', onclick: act });
  const words = document.createElement('span');
  words.textContent = message;
  item.append(state, words, place);
  return item;
}

function nameOf(element, id) {
  const { businessObject } = element ?? {};
  return businessObject?.name || businessObject?.text || id;
}
