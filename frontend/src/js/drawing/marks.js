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
  const html = document.createElement('div');
  html.className = 'drawing-count';
  html.textContent = `${count}×`;
  html.title = `Dilalui ${count} kali`;
  viewer.get('overlays').add(id, 'count', { position: { top: -12, right: 20 }, html, scale: { min: 0.85, max: 1.2 } });
}
