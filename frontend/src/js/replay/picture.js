/** The server's SVG (app/diagram/svg.py) with the marks of any step put on it: the same classes the server writes. */
const STATES = ['is-current', 'is-returned', 'is-done', 'is-untaken'];

export class Picture {
  constructor(svg) {
    this.svg = svg;
    this.sheet = svg.querySelector('.d-sheet');
    this.edges = byId(svg, '.d-edge[data-element]', 'element');
    this.nodes = byId(svg, '.d-node[data-element]', 'element');
    this.labels = byId(svg, '[data-label-of]', 'labelOf');
    this.badges = byId(svg, '[data-count-of]', 'countOf');
    this.above = [...this.edges.values()].at(-1)?.nextElementSibling; // the first thing that lies over every connection
  }

  /** counts: Map {id: times}; current: Set of elements; returned: Set of flows that led back. */
  paint({ counts, current, returned }) {
    const stateOf = id =>
      current.has(id) ? 'is-current' : !counts.get(id) ? 'is-untaken' : returned.has(id) ? 'is-returned' : 'is-done';
    for (const parts of [this.nodes, this.edges, this.labels, this.badges]) {
      for (const [id, part] of parts) if (hasState(part)) set(part, stateOf(id));
    }
    for (const state of ['is-done', 'is-returned']) {
      for (const edge of this.edges.values()) if (edge.classList.contains(state)) this.sheet.insertBefore(edge, this.above);
    }
    for (const [id, badge] of this.badges) count(badge, counts.get(id) ?? 0);
  }

  describe(text) {
    const words = this.svg.querySelector('desc');
    if (words) words.textContent = text;
  }

  /** The line of a flow, along which a token moves; null for one that is not drawn. */
  lineOf(id) {
    return this.edges.get(id)?.querySelector('.d-line') ?? null;
  }

  /** In reading size the drawing is larger than its frame: keep what happens in view. */
  follow(id) {
    const scroll = this.svg.closest('.d-scroll');
    const part = this.nodes.get(id);
    if (!scroll || !part || scroll.scrollWidth <= scroll.clientWidth + 1) return;
    const box = part.getBoundingClientRect();
    const frame = scroll.getBoundingClientRect();
    scroll.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
    scroll.scrollTop += box.top + box.height / 2 - frame.top - frame.height / 2;
  }
}

function byId(svg, selector, key) {
  return new Map([...svg.querySelectorAll(selector)].map(part => [part.dataset[key], part]));
}

/** Pools, lanes and documents are drawn without one. */
function hasState(part) {
  return STATES.some(state => part.classList.contains(state));
}

function set(part, state) {
  part.classList.remove(...STATES);
  part.classList.add(state);
}

function count(badge, times) {
  if (times < 2) badge.setAttribute('display', 'none');
  else badge.removeAttribute('display');
  badge.querySelector('title').textContent = `${times} kali dilalui`;
  badge.querySelector('tspan').textContent = times < 100 ? String(times) : '99+';
}
