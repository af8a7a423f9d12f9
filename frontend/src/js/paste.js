/**
 * Text copied from a spreadsheet to rows of a table: no page needed here. app/forms/pasting.py reads the same way on the server.
 *
 * A column is {key, names: ["Target", "target"], fixed: calculated, so never written}.
 */

/** Lines and cells: tabs, else semicolons, for here the comma is a decimal mark. */
export function cellsOf(text) {
  const plain = text.replace(/\r\n?/g, '\n').replaceAll('\0', '');
  const mark = plain.includes('\t') ? '\t' : ';';
  return quoted(plain, mark) ?? plain.split('\n').map(line => line.split(mark));
}

/** {rows: [{key: text}], skipped: [heading], hasHead}: rows without empty ones. `first`: the place of the column pasted into. */
export function readSheet(columns, lines, first = 0) {
  for (const [at, line] of lines.slice(0, 20).entries()) {
    const head = headOf(columns, line);
    if (!head) continue;
    const skipped = line.map(text => text.trim()).filter((text, place) => text && !head.has(place));
    return { rows: rowsOf(lines.slice(at + 1), head), skipped, hasHead: true };
  }
  return { rows: rowsOf(lines, new Map(columns.slice(first).entries())), skipped: [], hasHead: false };
}

/** Cells between quotes may hold line breaks. null where quotes are only letters: Excel copies `"Sehat" itu` as it is. */
function quoted(text, mark) {
  const lines = [[]];
  let at = 0;
  for (;;) {
    let cell;
    if (text[at] === '"') {
      let end = at;
      do {
        end = text.indexOf('"', end + 1);
        if (end < 0) return null;
      } while (text[end + 1] === '"' && end++);
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
      if (at < text.length && text[at] !== mark && text[at] !== '\n') return null;
    } else {
      let end = at;
      while (end < text.length && text[end] !== mark && text[end] !== '\n') end++;
      cell = text.slice(at, end);
      at = end;
    }
    lines.at(-1).push(cell);
    if (at >= text.length) return lines;
    if (text[at] === '\n') lines.push([]);
    at++;
  }
}

/** Map of place to column, where a line names two columns or more (all, where there are fewer). */
function headOf(columns, line) {
  const found = new Map();
  for (const [place, text] of line.entries()) {
    const words = [plainly(text), plainly(text.replace(/\s*\([^()]*\)\s*$/, ''))];
    const column = columns.find(({ names }) => words.some(word => word && names.some(name => plainly(name) === word)));
    if (column && ![...found.values()].includes(column)) found.set(place, column);
  }
  return found.size >= Math.min(2, columns.length) ? found : null;
}

function rowsOf(lines, places) {
  const rows = lines.map(line => {
    const row = {};
    for (const [place, { key, fixed }] of places) if (!fixed && place < line.length) row[key] = line[place].trim();
    return row;
  });
  return rows.filter(row => Object.values(row).some(Boolean));
}

function plainly(text) {
  return text.trim().replace(/\s+/g, ' ').toLocaleLowerCase('id');
}
