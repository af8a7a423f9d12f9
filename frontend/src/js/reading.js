/**
 * A file that a table reads at once (`data-whole`) goes with the form, and the next page comes when all of it is read. Whatever takes
 * longer than a second says so beside the file: what is on its way, how large it is, how long it has taken.
 */
const PATIENCE = 1000; // ms

export function tellReading(root) {
  const shown = [];

  root.addEventListener('submit', event => {
    if (event.defaultPrevented) return;
    const input = [...event.target.querySelectorAll('input[type=file][data-whole]')].find(one => one.files.length > 0);
    if (input) shown.push(show(input, input.files[0]));
  });
  // Back from the next page, or called off: nothing is on its way any more.
  window.addEventListener('pageshow', () => {
    while (shown.length > 0) shown.pop()();
  });
}

/** What takes it away again. */
function show(input, file) {
  const began = Date.now();
  const box = document.createElement('div');
  const said = document.createElement('p');
  const bar = document.createElement('progress');
  const seconds = document.createElement('p');
  box.className = 'upload';
  said.setAttribute('role', 'status');
  bar.setAttribute('aria-label', `Membaca ${file.name}`);
  seconds.className = 'upload-words muted';
  seconds.setAttribute('aria-hidden', 'true');
  box.append(said, bar, seconds);
  const ticking = setInterval(() => {
    if (Date.now() - began < PATIENCE) return;
    if (!box.isConnected) {
      input.after(box);
      said.textContent = `Berkas “${file.name}” (${sizeOf(file)}) sedang dikirim dan dibaca. Tunggu sampai hasilnya tampil.`;
    }
    seconds.textContent = `${Math.floor((Date.now() - began) / 1000)} detik`;
  }, 250);
  return () => {
    clearInterval(ticking);
    box.remove();
  };
}

function sizeOf(file) {
  const format = new Intl.NumberFormat('id-ID', { maximumFractionDigits: 1 });
  return file.size < 1 << 20 ? `${format.format(Math.ceil(file.size / 1024))} KB` : `${format.format(file.size / (1 << 20))} MB`;
}
