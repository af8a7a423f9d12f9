/**
 * The diagram editor of a draft. app/templates/modeler.html has everything a person sees around the canvas; this wires it.
 *
 * The page may name an element to select first: ?elemen=<id>.
 */
import { openDrawing } from './opening.js';
import { makeServer } from '../bench/server.js';

const stage = document.getElementById('modeler');
if (stage) await openDrawing(stage, makeServer(stage));
document.documentElement.dataset.ready = 'modeler';
