/**
 * Which groups of fields an element has: of the library's only what Alur runs, of ours the data of docs/drawings.md.
 * Listeners, connectors, scripts and the like never show: nothing here would act on them.
 */
import { Group } from '@bpmn-io/properties-panel';
import { h } from '@bpmn-io/properties-panel/preact';
import { useService } from 'bpmn-js-properties-panel';
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';

import { CHOICES } from '../offered.js';
import { attributeEntry, noteEntry, propertyEntry } from './entries.js';
import { ADDRESSEES, COLLECTING, IDENTITY, KNOWN, LANE, ORIGIN, RECORDERS, ROW, STEP } from './facts.js';
import { conditionEntry, defaultFlowEntry } from './flows.js';
import { formEntry } from './form-field.js';
import { namesOf, processOf } from './properties.js';
import { everyOpdEntry, timerEntry } from './repeating.js';

/** {group of the library: its entries kept} */
const KEPT = {
  'general': ['name', 'id', 'processId', 'processName', 'isExecutable'],
  'multiInstance': ['collection', 'elementVariable'],
  'CamundaPlatform__UserAssignment': ['dueDate'],
  'documentation': ['documentation', 'processDocumentation'],
  'message': ['messageRef', 'messageName'],
  'error': ['errorRef', 'errorName', 'errorCode'],
  'escalation': ['escalationRef', 'escalationName', 'escalationCode'],
};
const THROWN = ['message', 'error', 'escalation'];
const OPEN_AT_FIRST = ['general', 'alur-petunjuk', 'alur-baris', 'alur-pelaksana', 'alur-lane', 'alur-formulir', 'alur-jalur'];
const AFTER_THE_LIBRARY = 100;

class AlurGroups {
  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(AFTER_THE_LIBRARY, this);
  }

  getGroups(element) {
    return groups => {
      const kept = groups.map(keptOf).filter(group => group?.entries.length > 0);
      const named = name => kept.filter(group => group.id === name);
      const ours = oursFor(element, named);
      const shown = is(element, 'bpmn:Collaboration') ? ours : [...named('general'), ...ours, ...THROWN.flatMap(named), ...named('documentation')];
      return shown.map(group => ({ ...group, shouldOpen: OPEN_AT_FIRST.includes(group.id), component: TranslatedGroup }));
    };
  }
}

AlurGroups.$inject = ['propertiesPanel'];

/** The library's panel does not hand its translator on to its groups. */
function TranslatedGroup(props) {
  const translate = useService('translate');
  const named = (words, replacements) => (words === 'Toggle section' ? `Buka atau tutup: ${props.label}` : translate(words, replacements));
  return h(Group, { ...props, translate: named });
}

function keptOf(group) {
  return group.id in KEPT ? { ...group, entries: group.entries.filter(entry => KEPT[group.id].includes(entry.id)) } : null;
}

function oursFor(element, named) {
  const bo = getBusinessObject(element);
  const of = facts => facts.map(fact => propertyEntry(bo, fact));
  const groups = [];
  const add = (id, label, entries) => entries.length > 0 && groups.push({ id, label, entries });
  if (is(element, 'bpmn:Collaboration')) add('alur-petunjuk', 'Petunjuk', [noteEntry('alur-pilih', 'Pilih pool, lane, langkah, atau panah pada gambar untuk mengisi datanya.')]);
  if (processOf(element)) add('alur-pemulai', 'Siapa yang memulai', [attributeEntry(processOf(element), STARTERS)]);
  if (isAny(element, ['bpmn:Participant', 'bpmn:Process'])) add('alur-identitas', 'Identitas SOP', of(IDENTITY));
  if (is(element, 'bpmn:Lane')) add('alur-lane', 'Lane', of(LANE));
  const performed = isPerformed(element, bo);
  if (performed || is(element, 'bpmn:StartEvent')) add('alur-formulir', 'Formulir', [formEntry(bo)]);
  if (performed) add('alur-baris', 'Baris SOP', of([...STEP, RECORDERS]));
  else if (is(element, 'bpmn:StartEvent') || isReceipt(element, bo)) add('alur-baris', 'Baris SOP', of(STEP));
  else if (isSending(element, bo)) add('alur-baris', 'Baris SOP', of([...STEP, ADDRESSEES]));
  else if (isAny(element, ['bpmn:FlowNode', 'bpmn:DataObjectReference'])) add('alur-baris', 'Baris SOP', of([ROW, ORIGIN]));
  if (is(element, 'bpmn:CallActivity')) add('alur-panggilan', 'SOP yang dipanggil', [attributeEntry(bo, CALLED)]);
  if (is(element, 'bpmn:UserTask')) add('alur-pelaksana', 'Pelaksana dan batas waktu', [attributeEntry(bo, PERFORMERS), ...entriesOf(named('CamundaPlatform__UserAssignment'))]);
  else if (performed) add('alur-pelaksana', 'Pelaksana', [attributeEntry(bo, PERFORMERS)]);
  if (isAny(element, ['bpmn:UserTask', 'bpmn:SubProcess', 'bpmn:CallActivity'])) {
    const each = bo.get('loopCharacteristics') ? [...entriesOf(named('multiInstance')), ...(is(element, 'bpmn:UserTask') ? of(COLLECTING) : [])] : [];
    add('alur-opd', 'Setiap OPD', [everyOpdEntry(bo), ...each]);
  }
  if (isAny(element, CHOICES)) add('alur-jalur', 'Jalur', [defaultFlowEntry(bo)]);
  if (is(element, 'bpmn:SequenceFlow')) add('alur-jalur', 'Jalur', [...(hasCondition(element, bo) ? [conditionEntry(bo)] : []), propertyEntry(bo, ORIGIN)]);
  const timer = bo.get('eventDefinitions')?.find(one => one.$type === 'bpmn:TimerEventDefinition');
  if (timer) add('alur-waktu', 'Waktu', [timerEntry(timer)]);
  const others = namesOf(bo).filter(name => !KNOWN.has(name));
  if (others.length > 0) add('alur-lain', 'Properti dari alat lain', [noteEntry('alur-tetap', `${others.join(', ')}: tetap disimpan.`)]);
  return groups;
}

const STARTERS = { name: 'camunda:candidateStarterGroups', label: 'Kelompok yang boleh memulai', kind: 'groups' };
const PERFORMERS = { name: 'camunda:candidateGroups', label: 'Dikerjakan kelompok', kind: 'groups', help: 'Memindahkan tugas ini dari kelompok lane-nya.' };

const CALLED = { name: 'calledElement', label: 'Id proses SOP', kind: 'line', help: 'Versi terbarunya dipakai sejak diagram ini diterbitkan.' };

const isPerformed = (element, bo) => isAny(element, ['bpmn:UserTask', 'bpmn:ManualTask']) || bo.$type === 'bpmn:Task';
const carriesMessage = bo => Boolean(bo.get('eventDefinitions')?.some(one => one.$type === 'bpmn:MessageEventDefinition'));
const isReceipt = (element, bo) => is(element, 'bpmn:ReceiveTask') || (is(element, 'bpmn:CatchEvent') && carriesMessage(bo));
const isSending = (element, bo) => is(element, 'bpmn:SendTask') || (is(element, 'bpmn:ThrowEvent') && carriesMessage(bo));

const entriesOf = groups => groups.flatMap(group => group.entries);

/** Only a gateway's ways are chosen; a stray condition elsewhere can be seen and removed. */
function hasCondition(element, bo) {
  return isAny(element.source, CHOICES) || bo.get('conditionExpression');
}

export const panelModule = { __init__: ['alurGroups'], alurGroups: ['type', AlurGroups] };
