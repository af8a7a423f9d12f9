import { element } from './frame.js';

const WORDS = { error: ['Kesalahan', 'terlambat'], warning: ['Peringatan', 'dikembalikan'], info: ['Keterangan', 'belum'] };

/** findings: as the server tells them. pick(name): select the component it is about. */
export function findingsList(target, findings, pick) {
  if (findings.length === 0) {
    target.replaceChildren(element('p', { className: 'muted', textContent: 'Tidak ada catatan.' }));
    return;
  }
  target.replaceChildren(element('ul', { className: 'paper finding-list' }, ...findings.map(finding => line(finding, pick))));
}

function line({ severity, message, element: name, name: label }, pick) {
  const [word, state] = WORDS[severity] ?? WORDS.info;
  const item = element('li', {}, element('span', { className: `state state-${state}`, textContent: word }), ` ${message} `);
  if (name) {
    const go = element('button', { type: 'button', className: 'btn btn-link btn-sm', textContent: `Tunjukkan ${label || name}` });
    go.addEventListener('click', () => pick(name));
    item.append(go);
  }
  return item;
}
