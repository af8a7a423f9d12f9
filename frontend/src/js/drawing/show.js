import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

import { mark } from './marks.js';
import { toolbar } from './toolbar.js';

/**
 * Show `xml` with `marks` in place of the figure's SVG.
 * Raises when the drawing cannot be read; the figure is then as it was.
 */
export async function show(figure, xml, marks, { focus = false } = {}) {
  const still = figure.querySelector('.d-svg') ?? figure.querySelector('svg:not(.icon)');
  const stage = document.createElement('div');
  stage.className = 'drawing-live';
  const canvas = document.createElement('div');
  canvas.className = 'drawing-canvas';
  stage.append(canvas);
  still.before(stage);

  // The wheel scrolls the page until the reader has stepped into the drawing. The library reads this object at every mouseover.
  const wheel = { enabled: false };
  const viewer = new NavigatedViewer({ container: canvas, zoomScroll: wheel });
  try {
    await viewer.importXML(xml);
    mark(viewer, marks);
  } catch (error) {
    viewer.destroy();
    stage.remove();
    throw error;
  }

  hide(still, true);
  const opener = figure.querySelector('[data-drawing-open]');
  if (opener) opener.hidden = true;
  const fit = () => fitWithMargin(viewer.get('canvas'));
  stage.prepend(toolbar(viewer, { fit, close }));
  followFocus(viewer, canvas, wheel);
  followClicks(viewer, figure);
  nameForReaders(canvas, still);
  takeProportions(viewer, canvas);
  fit();
  if (focus) viewer.get('canvas').focus();

  function close() {
    viewer.destroy();
    stage.remove();
    hide(still, false);
    delete figure.dataset.drawingState;
    if (opener) {
      opener.hidden = false;
      opener.focus();
    }
  }
}

const MARGIN = 24;
const LOGO = 24; // the library's mark lies in the lower right corner, and must stay in full view

/** As tall as the drawing needs at this width, within reason: no empty paper above and below a wide one. */
function takeProportions(viewer, canvas) {
  const { inner } = viewer.get('canvas').viewbox();
  const needed = (canvas.clientWidth - 2 * MARGIN) * (inner.height / inner.width) + 2 * MARGIN + LOGO;
  canvas.style.height = `${Math.round(Math.min(Math.max(needed, 280), Math.max(window.innerHeight * 0.8, 280)))}px`;
  viewer.get('canvas').resized();
}

/** The library's own fit leaves no margin: the pool's edge would lie under the frame, its last lane under the mark. */
function fitWithMargin(canvas) {
  const { inner, outer } = canvas.viewbox();
  const scale = Math.min((outer.width - 2 * MARGIN) / inner.width, (outer.height - 2 * MARGIN - LOGO) / inner.height, 1);
  const width = outer.width / scale;
  const height = outer.height / scale;
  const x = inner.x - (width - inner.width) / 2;
  const y = inner.y - (height - inner.height - LOGO / scale) / 2;
  canvas.viewbox({ x, y, width, height });
}

/** SVG elements have no `hidden` property; the attribute works through the class of the framework. */
function hide(svg, yes) {
  svg.classList.toggle('d-none', yes);
}

function followFocus(viewer, canvas, wheel) {
  const zoom = viewer.get('zoomScroll');
  const set = enabled => {
    wheel.enabled = enabled;
    zoom.toggle(enabled);
  };
  canvas.addEventListener('focusin', () => set(true));
  canvas.addEventListener('focusout', () => set(false));
}

/** A click picks an element, tells the page, and brings its step in the list into view. */
function followClicks(viewer, figure) {
  const canvas = viewer.get('canvas');
  let picked = null;
  viewer.get('eventBus').on('element.click', ({ element }) => {
    const target = element.labelTarget ?? element;
    if (target === canvas.getRootElement()) return;
    if (picked) canvas.removeMarker(picked, 'is-picked');
    picked = target.id;
    canvas.addMarker(picked, 'is-picked');
    const { id, type, businessObject } = target;
    figure.dispatchEvent(new CustomEvent('alur:element', { bubbles: true, detail: { id, type, name: businessObject.name ?? '' } }));
    document.getElementById(`el-${id}`)?.scrollIntoView({ block: 'nearest' });
  });
}

/** The drawing is one image to a screen reader, named as the still picture was; its steps are in the list beside it. */
function nameForReaders(canvas, still) {
  const svg = canvas.querySelector('svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', still.getAttribute('aria-label') ?? still.querySelector('title')?.textContent ?? 'Diagram SOP');
}
