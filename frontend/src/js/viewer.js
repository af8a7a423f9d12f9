/**
 * Turns a server-drawn picture into an interactive one, when asked.
 *
 *   <figure data-drawing data-xml="/…" data-marks="/…" [data-drawing-auto]>
 *     <svg>…</svg>
 *     <button type="button" data-drawing-open hidden>Buka gambar interaktif</button>
 *   </figure>
 *
 * The library is fetched only then. Whatever goes wrong, the SVG stays and a sentence says so.
 */
for (const figure of document.querySelectorAll('figure[data-drawing]')) prepare(figure);
document.documentElement.dataset.viewer = 'ready';

function prepare(figure) {
  const button = figure.querySelector('[data-drawing-open]');
  if (button) {
    button.hidden = false;
    button.addEventListener('click', () => open(figure, { focus: true }));
  }
  if ('drawingAuto' in figure.dataset) whenInView(figure, () => open(figure, { focus: false }));
}

function whenInView(figure, act) {
  const observer = new IntersectionObserver(entries => {
    if (!entries.some(entry => entry.isIntersecting)) return;
    observer.disconnect();
    act();
  });
  observer.observe(figure);
}

async function open(figure, { focus }) {
  if (figure.dataset.drawingState) return;
  figure.dataset.drawingState = 'loading';
  try {
    const [{ show }, xml, marks] = await Promise.all([
      import('./drawing/show.js'),
      load(figure.dataset.xml).then(response => response.text()),
      figure.dataset.marks ? load(figure.dataset.marks).then(response => response.json()) : {},
    ]);
    await show(figure, xml, marks, { focus });
    figure.dataset.drawingState = 'live';
  } catch (error) {
    console.error(error);
    delete figure.dataset.drawingState;
    complain(figure);
  }
}

async function load(url) {
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

function complain(figure) {
  const line = figure.querySelector('[data-drawing-problem]') ?? document.createElement('p');
  line.dataset.drawingProblem = '';
  line.className = 'problem';
  line.setAttribute('role', 'status');
  line.textContent = 'Gambar interaktif tidak dapat dibuka; gambar biasa tetap ditampilkan.';
  figure.append(line);
}
