/**
 * Builds app/static/dist: what the pages load. `node build.mjs --harness DIR` builds the test harness instead.
 *
 * Names stay plain (app.css, app.js, viewer.css, viewer.js, icons.svg, logo.svg); manifest.json maps each to a hash for `?v=`.
 * Only files that another built file names, fonts and chunks, carry the hash in their own name.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

import { bpmnlintConfig } from './bpmnlint-config.mjs';
import { formJsWords } from './form-js-words.mjs';
import { strictStyles } from './strict-styles.mjs';
import { withoutInlineStyles } from './without-inline-styles.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const SRC = join(HERE, 'src');
const DIST = join(HERE, '..', 'app', 'static', 'dist');

// Offices keep old machines: the last Chrome for Windows 7 and 8, and the Firefox ESR beside it.
const TARGET = ['chrome109', 'firefox115', 'safari16'];

const ICONS = [
  'alert-triangle', 'arrow-back-up', 'bell', 'building', 'calendar', 'calendar-event', 'chevron-down', 'chevron-right', 'circle-check', 'clock', 'copy',
  'device-floppy', 'download', 'eye', 'file', 'file-diff', 'forms', 'history', 'home', 'inbox', 'info-circle', 'key', 'list-check', 'logout', 'pencil',
  'player-pause', 'player-play', 'player-skip-back', 'player-skip-forward', 'plus', 'printer', 'route', 'search', 'send', 'settings',
  'shield-check', 'sitemap', 'table', 'trash', 'upload', 'user', 'x',
];

// Each a bundle of its own, loaded by one kind of page only: what staff load must not grow with them.
const BENCHES = ['modeler', 'form-editor', 'replay'];

// gzip bytes. A line that grows past its limit fails the build: raise it with a reason, or find what came in unseen.
// app.js: 5 kB of comforts, and 2 kB that bring a large file over a weak line.
const LIMITS = {
  'app.css': 46_000, 'app.js': 7_500, 'viewer.css': 9_000, 'viewer.js': 3_000, 'calendar.css': 1_500, 'icons.svg': 4_000, chunks: 80_000,
};
const BENCH_LIMIT = 700_000; // all scripts and styles of one bench

const common = { bundle: true, minify: true, target: TARGET, logLevel: 'warning', legalComments: 'eof', sourcemap: false };

async function buildDist() {
  await rm(DIST, { recursive: true, force: true });
  await mkdir(DIST, { recursive: true });
  const results = await Promise.all([
    build({
      ...common,
      entryPoints: [join(SRC, 'js/app.js'), join(SRC, 'js/viewer.js')],
      outdir: DIST,
      format: 'esm',
      splitting: true, // the drawing library is a chunk of its own, fetched when a reader opens a drawing
      chunkNames: 'chunks/[name]-[hash]',
    }),
    build({
      ...common,
      entryPoints: [join(SRC, 'css/app.css'), join(SRC, 'css/viewer.css'), join(SRC, 'css/calendar.css')],
      outdir: DIST,
      loader: { '.woff2': 'file' },
      assetNames: 'fonts/[name]-[hash]',
    }),
    ...BENCHES.map(buildBench),
    writeIcons(),
    copyFile(join(SRC, 'logo.svg'), join(DIST, 'logo.svg')),
    copyFile(join(SRC, 'logo.svg'), join(DIST, 'favicon.svg')),
  ]);
  const warnings = results.flatMap(result => result?.warnings ?? []);
  if (warnings.length > 0) throw new Error(`${warnings.length} warnings while bundling`);
  await checkSizes();
  await writeManifest();
}

function buildBench(name) {
  return build({
    ...common,
    entryPoints: [join(SRC, `js/${name}/${name}.js`), join(SRC, `css/${name}.css`)],
    outdir: DIST,
    entryNames: '[name]',
    format: 'esm',
    loader: { '.woff2': 'file', '.woff': 'file', '.ttf': 'file', '.eot': 'file', '.svg': 'file' },
    assetNames: 'fonts/[name]-[hash]',
    plugins: [bpmnlintConfig(join(HERE, '..', '.bpmnlintrc')), formJsWords(), strictStyles(), withoutInlineStyles()],
    // The form editor pins an older preact than the viewer it draws with: two of them in one page do not know each other's hooks.
    alias: name === 'form-editor' ? { preact: join(HERE, 'node_modules/@bpmn-io/form-js-editor/node_modules/preact') } : {},
  });
}

/** One sprite of symbols: <svg class="icon" aria-hidden="true"><use href="…/icons.svg#bell"/></svg>. */
async function writeIcons() {
  const symbols = await Promise.all(
    ICONS.map(async name => {
      const svg = await readFile(join(HERE, 'node_modules/@tabler/icons/icons/outline', `${name}.svg`), 'utf8');
      const body = svg
        .replace(/^[\s\S]*?<svg[^>]*>/, '')
        .replace(/<\/svg>\s*$/, '')
        .replace(/<path stroke="none"[^>]*\/>/, '') // tabler's invisible 24x24 ground
        .replace(/\s*\n\s*/g, '');
      return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`;
    }),
  );
  await writeFile(join(DIST, 'icons.svg'), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`);
}

async function filesIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath ?? entry.path, entry.name));
}

async function checkSizes() {
  const sizes = {};
  for (const file of await filesIn(DIST)) {
    const name = relative(DIST, file).split('\\').join('/');
    const key = name.startsWith('chunks/') ? 'chunks' : name;
    sizes[key] = (sizes[key] ?? 0) + gzipSync(await readFile(file)).length;
  }
  const benches = Object.fromEntries(BENCHES.flatMap(name => [[`${name}.js`, BENCH_LIMIT], [`${name}.css`, BENCH_LIMIT]]));
  for (const [name, limit] of Object.entries({ ...LIMITS, ...benches })) {
    if (!(sizes[name] <= limit)) throw new Error(`${name}: ${sizes[name]} bytes gzipped, limit ${limit}`);
  }
}

async function writeManifest() {
  const entries = [];
  for (const file of (await filesIn(DIST)).sort()) {
    const digest = createHash('sha256').update(await readFile(file)).digest('hex').slice(0, 12);
    entries.push([relative(DIST, file).split('\\').join('/'), digest]);
  }
  await writeFile(join(DIST, 'manifest.json'), `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
}

/** Never shipped: the page in which the browser tests open every drawing in the real modeler. */
async function buildHarness(target) {
  await mkdir(target, { recursive: true });
  await build({
    ...common,
    entryPoints: [join(HERE, 'test/harness.js')],
    outdir: target,
    format: 'esm',
    minify: false,
    plugins: [bpmnlintConfig(join(HERE, '..', '.bpmnlintrc'))],
  });
  await copyFile(join(HERE, 'test/harness.html'), join(target, 'harness.html'));
}

const harness = process.argv.indexOf('--harness');
await (harness > 0 ? buildHarness(process.argv[harness + 1]) : buildDist());
