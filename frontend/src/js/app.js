/**
 * Small comforts on pages that work without them. Loaded as a module on every page.
 * Listeners sit on the document, in this order: a refused question must stop the others.
 */
import { askBeforeSubmitting } from './confirm.js';
import { submitOnce } from './submit-once.js';
import { warnAboutUnsaved } from './unsaved.js';
import { copyOnPress } from './copy.js';
import { helpWithChecklists } from './checklist.js';
import { helpWithTables } from './table.js';
import { saveNowAndThen } from './autosave.js';
import { printOnPress } from './print.js';
import { uploadInPieces } from './upload.js';
import { tellReading } from './reading.js';
import { tellOpened } from './opened.js';
import { followConditions } from './conditions.js';
import { recordReminders } from './remind.js';

askBeforeSubmitting(document);
submitOnce(document);
warnAboutUnsaved(document);
copyOnPress(document);
helpWithChecklists(document);
helpWithTables(document);
saveNowAndThen(document);
printOnPress(document);
uploadInPieces(document);
tellReading(document);
tellOpened(document);
followConditions(document);
recordReminders(document);

// Controls that only work with scripts are hidden in the HTML.
for (const element of document.querySelectorAll('[data-js-only][hidden]')) element.hidden = false;

const summary = document.getElementById('ringkasan-kesalahan');
if (summary) {
  summary.tabIndex = -1;
  summary.focus();
}

document.documentElement.dataset.ready = 'app';
