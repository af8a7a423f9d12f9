/** The edge between canvas and panel: dragged, or moved with the arrow keys. */
const STEP = 20;

export function resizePanel(stage) {
  const studio = stage.querySelector('[data-studio]');
  const edge = stage.querySelector('[data-splitter]');
  const [least, most] = [Number(edge.ariaValueMin), Number(edge.ariaValueMax)];
  const set = width => {
    const kept = Math.round(Math.min(Math.max(width, least), Math.min(most, studio.clientWidth / 2)));
    edge.setAttribute('aria-valuenow', kept);
    studio.style.setProperty('--panel', `${kept}px`);
  };
  const now = () => Number(edge.getAttribute('aria-valuenow'));

  edge.addEventListener('pointerdown', event => {
    edge.setPointerCapture(event.pointerId);
    const follow = ({ clientX }) => set(studio.getBoundingClientRect().right - clientX);
    edge.addEventListener('pointermove', follow);
    edge.addEventListener('pointerup', () => edge.removeEventListener('pointermove', follow), { once: true });
  });
  edge.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowLeft') set(now() + STEP);
    if (key === 'ArrowRight') set(now() - STEP);
  });
}
