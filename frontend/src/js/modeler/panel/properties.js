/** camunda:property rows of an element: read, and changed in one step that can be undone. Rows of other tools stay as they are. */
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

export function readProperty(bo, name) {
  return rowsOf(bo).findLast(row => row.name === name)?.value ?? ''; // as app/diagram/reading.py: the last of two counts
}

export function namesOf(bo) {
  return rowsOf(bo).map(row => row.name);
}

/** An empty value removes the row, and with the last row what held it. */
export function writeProperty(injector, element, bo, name, value) {
  writeProperties(injector, element, bo, { [name]: value });
}

export function writeProperties(injector, element, bo, values) {
  const changes = Object.entries(values).filter(([name, value]) => readProperty(bo, name) !== (value ?? ''));
  if (changes.length === 0) return;
  const rows = changes.reduce((kept, [name, value]) => changed(injector, kept, name, value ?? ''), rowsOf(bo));
  run(injector, rows.length > 0 ? keep(injector, element, bo, rows) : drop(element, bo));
}

/** Several commands, one step. commands: [{cmd, context}] */
export function run(injector, commands) {
  injector.get('commandStack').execute('properties-panel.multi-command-executor', commands);
}

export function setAttributes(injector, element, bo, properties) {
  injector.get('commandStack').execute('element.updateModdleProperties', { element, moddleElement: bo, properties });
}

/** The process of a pool, of the drawing without one, or undefined. */
export function processOf(element) {
  const bo = getBusinessObject(element);
  return is(element, 'bpmn:Participant') ? bo.get('processRef') : is(element, 'bpmn:Process') ? bo : undefined;
}

const holderOf = bo => bo.get('extensionElements')?.get('values')?.find(one => one.$type === 'camunda:Properties');
const rowsOf = bo => holderOf(bo)?.get('values') ?? [];

function changed(injector, rows, name, value) {
  const at = rows.findLastIndex(row => row.name === name);
  if (!value) return rows.filter(row => row.name !== name);
  const row = injector.get('bpmnFactory').create('camunda:Property', { name, value });
  return at < 0 ? [...rows, row] : rows.map((old, index) => (index === at ? row : old));
}

function keep(injector, element, bo, rows) {
  const factory = injector.get('bpmnFactory');
  const holder = holderOf(bo) ?? factory.create('camunda:Properties', { values: [] });
  const commands = [change(element, holder, { values: rows })];
  for (const row of rows) row.$parent = holder;
  if (holder.$parent) return commands;
  const extensions = bo.get('extensionElements') ?? factory.create('bpmn:ExtensionElements', { values: [] });
  holder.$parent = extensions;
  commands.push(change(element, extensions, { values: [...extensions.get('values'), holder] }));
  if (extensions.$parent) return commands;
  extensions.$parent = bo;
  return [...commands, change(element, bo, { extensionElements: extensions })];
}

function drop(element, bo) {
  const extensions = bo.get('extensionElements');
  const left = extensions.get('values').filter(one => one !== holderOf(bo));
  return [left.length > 0 ? change(element, extensions, { values: left }) : change(element, bo, { extensionElements: undefined })];
}

const change = (element, moddleElement, properties) => ({ cmd: 'element.updateModdleProperties', context: { element, moddleElement, properties } });
