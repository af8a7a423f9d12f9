/**
 * Saving: by hand, never on its own, and never at the price of what is on the screen. Whatever fails leaves drawing and undo as they are.
 */
const QUESTION = 'Timpa versi yang tersimpan dengan milik Anda? Perubahan orang itu hilang dari rancangan ini.';

/**
 * @param revision the one the drawing was loaded with
 * @param before called before the drawing is written out: fields that still hold typed words give them up
 * @param onSaved(saved) after each save, onFindings(findings) when the server refuses the drawing
 */
export function keepSaved({ stage, modeler, server, revision, before, onSaved, onFindings }) {
  const said = stage.querySelector('[data-save-state]');
  const stack = modeler.get('commandStack');
  const lastStep = () => stack._stack[stack._stackIdx]; // the library tells no other way whether undo has led back to what was saved
  let savedAt = lastStep();
  let lastWords = '';
  let busy = false;

  modeler.on('commandStack.changed', sayState);
  window.addEventListener('beforeunload', event => {
    if (isDirty()) event.preventDefault();
  });

  const isDirty = () => lastStep() !== savedAt;

  function sayState() {
    say(isDirty() ? 'Belum disimpan' : lastWords, isDirty() ? 'unsaved' : 'saved');
  }

  function say(words, look) {
    said.textContent = words;
    said.dataset.look = look;
  }

  async function save() {
    if (busy) return;
    busy = true;
    before();
    say('Menyimpan …', 'unsaved');
    try {
      await send(revision);
    } catch (error) {
      console.error(error);
      say('Belum disimpan. Diagram ini tidak dapat ditulis; urungkan langkah terakhir, lalu coba lagi.', 'failed');
    } finally {
      busy = false;
    }
  }

  async function send(known) {
    const at = lastStep();
    const { xml } = await modeler.saveXML({ format: true });
    const { status, data } = await server.post(stage.dataset.save, { xml, revision: known });
    if (status === 200) {
      revision = data.revision;
      savedAt = at;
      lastWords = `Tersimpan pukul ${data.saved}`;
      sayState();
      onSaved(data.saved); // the check after it takes its time: the next save does not wait for it
      return undefined;
    }
    if (status === 409) return askAboutConflict(xml, data);
    if (data.findings) onFindings(data.findings);
    say(`Belum disimpan. ${data.problem}`, 'failed');
    return status === 401 && said.append(' ', signInLink(stage));
  }

  async function askAboutConflict(xml, { problem, revision: newer, by, at }) {
    say(`Belum disimpan. ${problem}`, 'failed');
    const choice = await askIn(stage.querySelector('[data-conflict]'), `${by} menyimpannya pada ${at}. Pekerjaan Anda tetap di layar ini dan belum disimpan.`);
    if (choice === 'overwrite' && window.confirm(QUESTION)) return send(newer);
    if (choice === 'copy') return saveCopy(xml);
    return undefined;
  }

  async function saveCopy(xml) {
    const { status, data } = await server.post(stage.dataset.duplicate, { xml });
    if (status !== 200) return say(`Belum disimpan. ${data.problem}`, 'failed');
    savedAt = lastStep();
    return location.assign(data.address);
  }

  /** What is shown is not what the server has, though nothing was changed by hand. */
  function startUnsaved() {
    savedAt = Symbol('never');
    sayState();
  }

  return { save, isDirty, startUnsaved, say };
}

function signInLink(stage) {
  const link = document.createElement('a');
  return Object.assign(link, { href: stage.dataset.signIn, target: '_blank', rel: 'noopener', textContent: 'Masuk di tab baru' });
}

/** @returns the data-choice of the button pressed, "" when the dialog was just closed */
function askIn(dialog, words) {
  dialog.querySelector('[data-conflict-words]').textContent = words;
  return new Promise(resolve => {
    const choose = event => {
      const { choice } = event.target.closest('[data-choice]')?.dataset ?? {};
      if (choice) dialog.close(choice);
    };
    dialog.returnValue = '';
    dialog.addEventListener('click', choose);
    dialog.addEventListener('close', () => {
      dialog.removeEventListener('click', choose);
      resolve(dialog.returnValue);
    }, { once: true });
    dialog.showModal();
  });
}
