const READABLE = 0.8;
const MARGIN = 16;
const MARK = 24; // as in drawing/show.js

/** Shows an element by id: selected, in view, its fields open. show.fit() shows the whole drawing. */
export function makeShow(stage, modeler) {
  const canvas = modeler.get('canvas');

  function show(id) {
    const element = modeler.get('elementRegistry').get(id);
    if (!element) return;
    stage.querySelector('[data-studio]').classList.remove('is-panel-folded');
    if (element === canvas.getRootElement()) return void modeler.get('selection').select([]);
    modeler.get('selection').select(element);
    if (canvas.zoom() < READABLE) canvas.zoom(READABLE);
    canvas.scrollToElement(element, { top: 80, right: 160, bottom: 80, left: 120 });
    canvas.focus();
  }

  /** Beside the palette, and clear of the library's mark in the lower right corner. */
  show.fit = () => {
    canvas.resized();
    const palette = stage.querySelector('.djs-palette');
    const left = palette.offsetLeft + palette.offsetWidth + MARGIN;
    const { inner, outer } = canvas.viewbox();
    const scale = Math.min((outer.width - left - MARGIN) / inner.width, (outer.height - 2 * MARGIN - MARK) / inner.height, 1);
    canvas.viewbox({ x: inner.x - left / scale, y: inner.y - MARGIN / scale, width: outer.width / scale, height: outer.height / scale });
  };

  return show;
}
