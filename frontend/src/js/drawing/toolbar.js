/** Buttons with words for what the wheel and the keyboard do. */
export function toolbar(viewer, { fit, close }) {
  const zoom = step => () => viewer.get('zoomScroll').stepZoom(step);
  const bar = document.createElement('div');
  bar.className = 'drawing-tools';
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', 'Alat gambar');
  bar.append(button('Perbesar', zoom(1)), button('Perkecil', zoom(-1)), button('Paskan', fit), button('Tutup', close));
  return bar;
}

function button(words, act) {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = 'btn btn-sm btn-outline-secondary';
  element.textContent = words;
  element.addEventListener('click', act);
  return element;
}
