/** Steps that every OPD does for itself, and timers. */
import { CheckboxEntry, TextFieldEntry } from '@bpmn-io/properties-panel';
import { h } from '@bpmn-io/properties-panel/preact';
import { useService } from 'bpmn-js-properties-panel';

import { field, select } from './pickers.js';
import { setAttributes } from './properties.js';

const LOOP = 'bpmn:MultiInstanceLoopCharacteristics';
const USUAL = { 'camunda:collection': 'daftar_opd', 'camunda:elementVariable': 'opd' }; // docs/drawings.md

export function everyOpdEntry(bo) {
  return { id: 'alur-setiap-opd', component: EveryOpd, isEdited: () => Boolean(bo.get('loopCharacteristics')), bo };
}

function EveryOpd({ element, id, bo }) {
  const injector = useService('injector');
  const setValue = on => {
    const loop = on ? injector.get('bpmnFactory').create(LOOP, { ...USUAL }) : undefined;
    if (loop) loop.$parent = bo;
    injector.get('modeling').updateProperties(element, { loopCharacteristics: loop });
  };
  return h(CheckboxEntry, { element, id, label: 'Dikerjakan setiap OPD untuk dirinya sendiri', getValue: () => Boolean(bo.get('loopCharacteristics')), setValue });
}

const TIMES = [['', '(belum dipilih)'], ['timeDate', 'Pada tanggal'], ['timeDuration', 'Setelah selang waktu']];

export function timerEntry(timer) {
  return { id: 'alur-waktu-kejadian', component: Timer, isEdited: () => Boolean(kindOf(timer)), timer };
}

const kindOf = timer => ['timeDate', 'timeDuration', 'timeCycle'].find(name => timer.get(name)) ?? '';

function Timer({ element, id, timer }) {
  const injector = useService('injector');
  const debounce = useService('debounceInput');
  const kind = kindOf(timer);
  const put = (name, body) => {
    const expression = name ? injector.get('bpmnFactory').create('bpmn:FormalExpression', { body }) : undefined;
    if (expression) expression.$parent = timer;
    setAttributes(injector, element, timer, { timeDate: undefined, timeDuration: undefined, timeCycle: undefined, ...(name && { [name]: expression }) });
  };
  const options = kind === 'timeCycle' ? [...TIMES, ['timeCycle', 'Berulang (ditolak)']] : TIMES;
  const body = () => timer.get(kind)?.get('body') ?? '';
  const help = kind === 'timeDuration' ? 'Misalnya P10D (10 hari) atau PT2H (2 jam).' : 'Misalnya 2026-03-12, atau ${batas_waktu_opd} dari formulir.';
  return h('div', null, [
    field(id, 'Kapan', undefined, [select(id, kind, options, name => put(name, kind ? body() : ''))]),
    kind && h(TextFieldEntry, { element, id: `${id}-isi`, label: 'Waktunya', description: help, debounce, getValue: body, setValue: text => put(kind, text ?? '') }),
  ]);
}
