/** Opens the draft's drawing and wires what stands around it. */
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, CamundaPlatformPropertiesProviderModule } from 'bpmn-js-properties-panel';
import Modeler from 'bpmn-js/lib/Modeler';
import { config, resolver } from 'bpmnlint-config';
import behaviors from 'camunda-bpmn-js-behaviors/lib/camunda-platform';
import camunda from 'camunda-bpmn-moddle/resources/camunda.json';
import minimapModule from 'diagram-js-minimap';

import { makeChoices } from './choices.js';
import { listFindings } from './findings.js';
import { lintingModule } from './linting.js';
import { offeredModule } from './offered.js';
import { panelModule } from './panel/groups.js';
import { keepSaved } from './saving.js';
import { makeShow } from './showing.js';
import { resizePanel } from './splitter.js';
import { takePlacesOf, tidyModule } from './tidy.js';
import { wireTools } from './tools.js';
import { makeTranslate } from './translate.js';

const NO_PICTURE = 'Berkas rancangan ini memuat langkah, tetapi belum memuat gambarnya. Aplikasi dapat membuat gambarnya; yang lain tidak berubah.';
const BROKEN = 'Diagram ini tidak dapat dibuka di sini. Unduh rancangan dan periksa berkasnya, atau coba buat gambarnya kembali.';
const REDRAW = 'Gambar ini harus dibuka ulang supaya rapi, jadi langkah sebelumnya tidak dapat diurungkan lagi. Lanjutkan?';

export async function openDrawing(stage, server) {
  const choices = makeChoices(stage, server);
  const [loaded] = await Promise.all([server.get(stage.dataset.drawing), choices.load()]);
  if (loaded.status !== 200) return complain(stage, loaded.data.problem, false);
  reveal(stage);
  const modeler = makeModeler(stage, choices);
  const talk = { ...server, revision: Number(loaded.headers.get('X-Revision')) };
  try {
    warnOfLoss(stage, await modeler.importXML(loaded.data.text));
    return begin(stage, modeler, talk, choices, false);
  } catch (error) {
    console.warn(error);
    complain(stage, /no diagram/.test(error.message) ? NO_PICTURE : BROKEN, true);
    return offerToDraw(stage, modeler, talk, choices, loaded.data.text);
  }
}

function makeModeler(stage, choices) {
  return new Modeler({
    container: stage.querySelector('[data-canvas]'),
    propertiesPanel: { parent: stage.querySelector('[data-panel]') },
    linting: { bpmnlint: { config, resolver }, active: true },
    moddleExtensions: { camunda },
    additionalModules: [
      BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, CamundaPlatformPropertiesProviderModule, behaviors, minimapModule, lintingModule,
      offeredModule, panelModule, tidyModule,
      { translate: ['value', makeTranslate(stage)], choices: ['value', choices] },
    ],
  });
}

async function begin(stage, modeler, server, choices, unsaved) {
  const show = makeShow(stage, modeler);
  const list = listFindings(stage, modeler, choices, show);
  const saving = keepSaved({
    stage, modeler, server, revision: server.revision,
    before: () => commitTyped(stage),
    onSaved: () => check(),
    onFindings: findings => tell(findings, true),
  });
  modeler.on('commandStack.changed', list.setStale);

  async function check({ open = false } = {}) {
    commitTyped(stage);
    const { xml } = await modeler.saveXML({ format: true });
    const { status, data } = await server.post(stage.dataset.check, { xml });
    if (status !== 200) return open && saving.say(data.problem, 'failed');
    return tell(data.findings, open);
  }

  function tell(findings, open) {
    list.setServed(findings, clockNow());
    if (open) list.open();
  }

  async function tidy() {
    commitTyped(stage);
    const { xml } = await modeler.saveXML({ format: true });
    const { status, data } = await server.post(stage.dataset.tidy, { xml });
    if (status !== 200) return saving.say(data.problem, 'failed');
    if (!(await takePlacesOf(modeler, data.xml)) && window.confirm(REDRAW)) {
      await modeler.importXML(data.xml);
      saving.startUnsaved();
    }
    return show.fit();
  }

  resizePanel(stage);
  wireTools(stage, modeler, { save: saving.save, check: () => check({ open: true }), tidy, fit: show.fit });
  nameForReaders(stage);
  show.fit();
  if (unsaved) saving.startUnsaved();
  const wanted = new URLSearchParams(location.search).get('elemen');
  await panelListens();
  if (wanted) show(wanted);
  return check();
}

/** The panel hears of a selection only after it has been painted once; a tab in the background paints nothing. */
function panelListens() {
  return new Promise(resolve => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 300);
  });
}

/** Words still in a field belong to the drawing that is saved, checked or laid out. */
function commitTyped(stage) {
  const field = document.activeElement;
  if (!stage.querySelector('[data-panel]').contains(field)) return;
  field.blur();
  field.focus();
}

function reveal(stage) {
  document.documentElement.classList.add('in-studio');
  stage.querySelector('[data-studio]').hidden = false;
}

function complain(stage, words, mayDraw) {
  document.documentElement.classList.remove('in-studio');
  stage.querySelector('[data-studio]').hidden = true;
  const box = stage.querySelector('[data-broken]');
  box.hidden = false;
  box.querySelector('[data-broken-words]').textContent = words;
  box.querySelector('[data-deed="draw"]').hidden = !mayDraw;
}

function offerToDraw(stage, modeler, server, choices, xml) {
  const box = stage.querySelector('[data-broken]');
  box.querySelector('[data-deed="draw"]').addEventListener('click', async () => {
    const { status, data } = await server.post(stage.dataset.tidy, { xml });
    if (status !== 200) return complain(stage, data.problem, true);
    box.hidden = true;
    reveal(stage);
    try {
      await modeler.importXML(data.xml);
    } catch (error) {
      console.warn(error);
      return complain(stage, BROKEN, false);
    }
    return begin(stage, modeler, server, choices, true);
  });
}

/** What the library could not place would be gone with the next save. */
function warnOfLoss(stage, { warnings }) {
  if (warnings.length === 0) return;
  console.warn(warnings);
  const box = stage.querySelector('[data-lost]');
  box.hidden = false;
  box.textContent = `${warnings.length} bagian berkas ini tidak dikenal editor dan akan hilang bila disimpan di sini. Unduh rancangan dahulu bila bagian itu diperlukan.`;
}

function nameForReaders(stage) {
  const svg = stage.querySelector('[data-canvas] svg[tabindex]');
  svg.setAttribute('role', 'application');
  svg.setAttribute('aria-label', 'Gambar diagram. Ctrl F mencari unsur, tombol Papan ketik menyebut pintasan lain.');
}

function clockNow() {
  const parts = new Intl.DateTimeFormat('id-ID', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Jakarta' }).format(new Date());
  return `${parts.replace(':', '.')} WIB`;
}
