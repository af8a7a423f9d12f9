/** Play, pause, step, slide: one number, the step that is shown, and the picture and the words that belong to it. */
import { moveToken } from './token.js';

const STEP = 2400; // milliseconds between two steps at 1×: even, whatever the time between them was
const TRAVEL = 1400; // of which the token moves

export class Player {
  constructor(section, frames, picture) {
    this.section = section;
    this.frames = frames;
    this.picture = picture;
    this.states = statesOf(frames);
    this.number = Number(section.dataset.step);
    this.speed = 1;
    this.timer = null;
    this.token = null;
    this.find = name => section.querySelector(`[data-${name}]`);
    this.still = matchMedia('(prefers-reduced-motion: reduce)');
    this.listen();
    this.find('controls').hidden = false;
    this.find('links').hidden = true;
    if (!('atEnd' in section.dataset)) this.show(this.number);
  }

  listen() {
    const player = this.find('player');
    player.tabIndex = 0;
    this.find('play').addEventListener('click', () => this.toggle());
    this.find('back').addEventListener('click', () => this.seek(this.number - 1));
    this.find('forward').addEventListener('click', () => this.seek(this.number + 1));
    this.find('slider').addEventListener('input', event => this.seek(Number(event.target.value)));
    for (const button of this.section.querySelectorAll('[data-speed]')) button.addEventListener('click', () => this.go(button));
    player.addEventListener('keydown', event => this.press(event));
  }

  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const onButton = event.target.closest('button, a');
    const keys = {
      ' ': () => this.toggle(),
      ArrowLeft: () => this.seek(this.number - 1),
      ArrowRight: () => this.seek(this.number + 1),
      Home: () => this.seek(1),
      End: () => this.seek(this.frames.length),
    };
    if (!(event.key in keys) || (event.key === ' ' && onButton)) return; // a button answers Space itself
    event.preventDefault();
    keys[event.key]();
  }

  get isPlaying() {
    return this.timer !== null || this.token !== null;
  }

  toggle() {
    if (this.isPlaying) return this.pause();
    this.face();
    this.announce(true);
    if (this.number >= this.frames.length) {
      this.show(1);
      this.wait(STEP);
    } else {
      this.next();
    }
  }

  pause() {
    clearTimeout(this.timer);
    this.token?.cancel();
    const travelling = this.token !== null;
    this.timer = this.token = null;
    this.announce(false);
    if (travelling) this.mark();
    this.remember();
  }

  seek(number) {
    this.pause();
    this.face();
    this.show(Math.min(Math.max(number, 1), this.frames.length));
    this.remember();
  }

  go(button) {
    this.speed = Number(button.dataset.speed);
    for (const one of this.section.querySelectorAll('[data-speed]')) one.setAttribute('aria-pressed', String(one === button));
    if (this.isPlaying) this.announce(true);
  }

  /** The words first, then the token on its way, then the marks where it has been. */
  next() {
    this.timer = null;
    this.number += 1;
    this.tell();
    const lines = this.frame.flows.map(id => this.picture.lineOf(id)).filter(Boolean);
    if (this.still.matches || lines.length === 0) return this.arrive(STEP);
    this.token = moveToken(this.picture.sheet, lines, TRAVEL / this.speed, () => this.arrive(STEP - TRAVEL));
  }

  /** left: what remains of the time of this step, at 1×. */
  arrive(left) {
    this.token = null;
    this.mark();
    if (this.number < this.frames.length) this.wait(left);
    else this.pause();
  }

  wait(left) {
    this.timer = setTimeout(() => this.next(), left / this.speed);
  }

  /** Whoever presses a button of the player wants to see the drawing; no more is moved than that takes. */
  face() {
    const { top, bottom } = this.picture.svg.closest('figure').getBoundingClientRect();
    const room = this.find('player').getBoundingClientRect().top;
    if (top > room / 2 || bottom < room / 2) this.picture.svg.closest('figure').scrollIntoView({ block: 'start' });
  }

  get frame() {
    return this.frames[this.number - 1];
  }

  show(number) {
    this.number = number;
    this.tell();
    this.mark();
  }

  mark() {
    this.picture.paint(this.states(this.number));
    this.picture.follow(this.frame.current[0] ?? this.frame.element);
    this.picture.describe(`Keadaan setelah langkah ${this.number} dari ${this.frames.length}. ${this.waitingWords()}`);
  }

  tell() {
    const { frame } = this;
    this.find('place').textContent = `Langkah ${this.number} dari ${this.frames.length}`;
    this.find('name').textContent = frame.name;
    this.find('row').textContent = frame.row ? `baris ${frame.row}` : '';
    this.find('round').textContent = `Perbaikan ke-${frame.round - 1}`;
    this.find('round').hidden = frame.round < 2;
    this.find('proposal').hidden = !frame.proposal;
    this.find('line').textContent = `${frame.at_words} · ${frame.text}`;
    this.find('waiting').textContent = this.waitingWords();
    const slider = this.find('slider');
    slider.value = this.number;
    slider.setAttribute('aria-valuetext', `Langkah ${this.number} dari ${this.frames.length}: ${frame.name}`);
    this.find('back').disabled = this.number <= 1;
    this.find('forward').disabled = this.number >= this.frames.length;
    for (const line of this.section.ownerDocument.querySelectorAll('[data-frame]')) {
      if (Number(line.dataset.frame) === this.number) line.setAttribute('aria-current', 'step');
      else line.removeAttribute('aria-current');
    }
  }

  waitingWords() {
    return this.frame.waiting ? `Sesudahnya menunggu: ${this.frame.waiting}` : '';
  }

  /** A reader that speaks cannot keep up with fast play: then only the step it ends at is said. */
  announce(isPlaying) {
    this.find('line').setAttribute('aria-live', isPlaying && this.speed > 1 ? 'off' : 'polite');
    this.find('when-paused').hidden = isPlaying;
    this.find('when-playing').hidden = !isPlaying;
    this.section.dataset.playing = String(isPlaying);
  }

  /** So that the address, a reload and a print show the step that was looked at. */
  remember() {
    const url = new URL(location.href);
    url.searchParams.set('langkah', String(this.number));
    history.replaceState(null, '', url);
  }
}

/** step number -> what is marked after it. Kept from step to step: going on by one must not fold a thousand. */
function statesOf(frames) {
  const returning = new Set(frames.flatMap(frame => frame.returned));
  let at = 0;
  let counts = new Map();
  return number => {
    if (number < at) {
      at = 0;
      counts = new Map();
    }
    const add = (ids, by) => ids.forEach(id => counts.set(id, (counts.get(id) ?? 0) + by));
    for (; at < number; at += 1) {
      add(frames[at].elements, 1);
      add(frames[at].flows, 1);
      add(frames[at].undone, -1);
    }
    return { counts, current: new Set(frames[at - 1].current), returned: returning };
  };
}
