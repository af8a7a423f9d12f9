const GATEWAY = 0.15; // share of a gateway's width and height: off its upper left edge, away from its sign, its name and its flows

/**
 * Draw where a case has been.
 *
 * marks: {done: [id], current: [id], returned: [flow id], proposals: [id], counts: {id: n}}; every key may be absent.
 * An id that this drawing lacks is passed over: a mark must never cost the reader the picture.
 */
export function mark(viewer, { done = [], current = [], returned = [], proposals = [], counts = {} }) {
  const registry = viewer.get('elementRegistry');
  const canvas = viewer.get('canvas');
  const add = (ids, marker) => ids.filter(id => registry.get(id)).forEach(id => canvas.addMarker(id, marker));

  add(done, 'is-done');
  add(current, 'is-current');
  add(returned, 'is-returned');
  add(proposals, 'is-proposal');
  if (done.length > 0 || current.length > 0) add(untaken(registry, [...done, ...current, ...returned]), 'is-untaken');
  add(everySecondLane(registry), 'is-lane-odd');
  for (const [id, count] of Object.entries(counts)) if (count > 1 && registry.get(id)) badge(viewer, id, count);
}

function untaken(registry, taken) {
  const seen = new Set(taken);
  return registry
    .filter(({ businessObject: bo, labelTarget, id }) => !labelTarget && !seen.has(id) && (bo?.$instanceOf?.('bpmn:FlowNode') || bo?.$instanceOf?.('bpmn:SequenceFlow')))
    .map(({ id }) => id);
}

function everySecondLane(registry) {
  return registry
    .filter(({ businessObject: bo }) => bo?.$type === 'bpmn:Lane' && !bo.childLaneSet)
    .sort((a, b) => a.y - b.y || a.x - b.x)
    .filter((_, index) => index % 2 === 1)
    .map(({ id }) => id);
}

function badge(viewer, id, count) {
  const element = viewer.get('elementRegistry').get(id);
  const html = document.createElement('div');
  html.className = ['drawing-count', ...stateOf(viewer, element)].join(' ');
  html.textContent = count < 100 ? String(count) : '99+';
  html.title = `${count} kali dilalui`;
  viewer.get('overlays').add(id, 'count', { position: placeOf(element), html, scale: { max: 1.2 } }); // grows and shrinks with what it must not cover
}

function stateOf(viewer, element) {
  return ['is-current', 'is-returned', 'is-done'].filter(state => viewer.get('canvas').hasMarker(element, state)).slice(0, 1);
}

/** The middle of a badge, from the element's upper left corner: where the server's picture has it (app/diagram/shapes.py, badge_place). */
function placeOf(element) {
  const { width, height, waypoints } = element;
  if (waypoints) return halfWay(waypoints);
  if (element.type.endsWith('Gateway')) return { left: GATEWAY * width, top: GATEWAY * height };
  if (element.type.endsWith('Event')) return { left: 0.854 * width, top: 0.146 * height };
  return { left: width, top: 0 };
}

/** From the corner of the box around the line, which is what the library places overlays of a connection by. */
function halfWay(points) {
  const corner = { x: Math.min(...points.map(({ x }) => x)), y: Math.min(...points.map(({ y }) => y)) };
  const lengths = points.slice(1).map((point, index) => Math.hypot(point.x - points[index].x, point.y - points[index].y));
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2;
  const which = lengths.findIndex(length => length >= left || ((left -= length), false));
  const [from, to] = [points[which], points[which + 1]];
  const share = left / (lengths[which] || 1);
  return { left: from.x + (to.x - from.x) * share - corner.x, top: from.y + (to.y - from.y) * share - corner.y };
}
