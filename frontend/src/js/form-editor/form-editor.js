/** The editor of a form: form-js on the left, on the right the form as its people will see it, made by the server. */
import { FormEditor } from '@bpmn-io/form-js-editor';

import { makeServer } from '../bench/server.js';
import { findingsList } from './findings.js';
import { frame } from './frame.js';

const PREVIEW_AFTER = 600; // ms without a change

const root = document.getElementById('form-editor');
const server = makeServer(root);
const page = frame(root);
let revision = 0;
let dirty = false;
let timer = 0;
let asked = 0;

const editor = new FormEditor({ container: page.editor, exporter: { name: 'Alur', version: '1' } });

async function begin() {
  try {
    const { status, data, headers } = await server.get(root.dataset.form);
    if (status !== 200) return page.say(data.problem, 'bad');
    revision = Number(headers.get('X-Revision'));
    await editor.importSchema(data);
  } catch {
    return page.say('Formulir ini tidak dapat dibuka di editor. Unduh rancangan, perbaiki berkasnya, lalu unggah lagi.', 'bad');
  }
  editor.on('changed', () => {
    dirty = true;
    page.say('Belum disimpan');
    window.clearTimeout(timer);
    timer = window.setTimeout(preview, PREVIEW_AFTER);
  });
  page.say('Tersimpan');
  await preview();
  pick(new URLSearchParams(window.location.search).get('isian'));
  document.documentElement.dataset.ready = 'form-editor';
}

function schema() {
  return JSON.stringify(editor.saveSchema(), null, 2);
}

async function preview() {
  const mine = ++asked;
  const { status, data } = await server.post(root.dataset.preview, { schema: schema() });
  if (mine !== asked) return; // a newer change is on its way
  if (status === 200) {
    page.show(data.html);
    findingsList(page.findings, data.findings, pick);
  } else {
    page.say(data.problem, 'bad');
  }
}

/** Select a component by its id or key, as findings name it. */
function pick(name) {
  const fields = editor.get('formFieldRegistry').getAll();
  const found = name && fields.find(field => field.id === name || field.key === name);
  if (found) editor.get('selection').set(found);
}

async function save(over = revision) {
  page.busy(true);
  page.say('Menyimpan …');
  const sent = schema();
  const { status, data } = await server.post(root.dataset.save, { schema: sent, revision: over });
  page.busy(false);
  if (status === 200) {
    revision = data.revision;
    dirty = schema() !== sent;
    page.settle();
    page.say(dirty ? 'Belum disimpan' : `Tersimpan pukul ${data.saved}`);
  } else if (status === 409) {
    page.say('Belum disimpan', 'bad');
    page.offer(data.problem, { saved: root.dataset.form, overwrite: () => save(data.revision) });
  } else {
    page.say(data.problem, 'bad');
  }
}

page.onSave(() => save());
page.onUndo(() => editor.get('commandStack').undo());
page.onRedo(() => editor.get('commandStack').redo());
document.addEventListener('keydown', event => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
    event.preventDefault();
    save();
  }
});
window.addEventListener('beforeunload', event => {
  if (dirty) event.preventDefault();
});
begin();
