/**
 * A dot that moves along the lines of the flows, one after the other, in `duration` milliseconds altogether; then `done` is called.
 * `cancel()` of what is returned takes it away at once, without.
 */
export function moveToken(sheet, lines, duration, done) {
  const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  dot.setAttribute('class', 'replay-token');
  dot.setAttribute('r', '10');
  sheet.append(dot);
  const lengths = lines.map(line => line.getTotalLength());
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const began = performance.now();
  let request = requestAnimationFrame(tick);
  place(0);

  function tick(now) {
    const share = Math.min((now - began) / duration, 1);
    place(share * total);
    if (share < 1) {
      request = requestAnimationFrame(tick);
    } else {
      dot.remove();
      done();
    }
  }

  function place(distance) {
    let left = Math.max(distance, 0);
    let which = 0;
    while (which < lines.length - 1 && left > lengths[which]) left -= lengths[which++];
    const { x, y } = lines[which].getPointAtLength(left);
    dot.setAttribute('cx', x);
    dot.setAttribute('cy', y);
  }

  return {
    cancel() {
      cancelAnimationFrame(request);
      dot.remove();
    },
  };
}
