/**
 * Plays the recorded steps of a case on the server's own drawing. Nothing is simulated: what moves is what was recorded.
 *
 *   <section data-replay data-frames="/…/langkah.json" data-step="12" [data-at-end]>  svg.d-svg, [data-player]  </section>
 *
 * Without this script the page steps by links; it takes over only once it has the frames, and leaves the links where it cannot.
 */
import { Picture } from './picture.js';
import { Player } from './player.js';

const stage = document.querySelector('[data-replay]');
if (stage?.querySelector('[data-player]')) start(stage);
document.documentElement.dataset.ready = 'replay';

async function start(section) {
  try {
    const response = await fetch(section.dataset.frames, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
    if (!response.ok) throw new Error(`${section.dataset.frames}: ${response.status}`);
    const frames = await response.json();
    const picture = new Picture(section.querySelector('.d-svg'));
    new Player(section, frames, picture);
  } catch (error) {
    console.error(error);
    section.querySelector('[data-problem]').hidden = false;
  }
}
