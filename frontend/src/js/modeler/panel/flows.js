/** Ways out of a gateway: the default one, and the condition of each other. */
import { TextFieldEntry } from '@bpmn-io/properties-panel';
import { h } from '@bpmn-io/properties-panel/preact';
import { useEffect, useState } from '@bpmn-io/properties-panel/preact/hooks';
import { useService } from 'bpmn-js-properties-panel';
import { is } from 'bpmn-js/lib/util/ModelUtil';

import { field, select } from './pickers.js';
import { run } from './properties.js';

export function defaultFlowEntry(bo) {
  return { id: 'alur-bawaan', component: DefaultFlow, isEdited: () => Boolean(bo.get('default')), bo };
}

export function conditionEntry(bo) {
  return { id: 'alur-syarat', component: Condition, isEdited: () => Boolean(bo.get('conditionExpression')), bo };
}

function DefaultFlow({ element, id, bo }) {
  const injector = useService('injector');
  const ways = element.outgoing.filter(flow => is(flow, 'bpmn:SequenceFlow'));
  const options = ways.map(flow => [flow.id, wordsFor(flow)]);
  const put = way => run(injector, makeDefault(element, ways.find(flow => flow.id === way)));
  return field(id, 'Jalur bawaan', 'Ditempuh bila tidak ada syarat yang terpenuhi; biasanya “tidak”.', [
    select(id, bo.get('default')?.id ?? '', [['', '(belum dipilih)'], ...options], put),
  ]);
}

/** A default way has no condition. */
function makeDefault(gateway, flow) {
  const commands = [{ cmd: 'element.updateProperties', context: { element: gateway, properties: { default: flow?.businessObject } } }];
  if (flow?.businessObject.get('conditionExpression')) commands.push(conditionChange(flow, undefined));
  return commands;
}

const conditionChange = (flow, conditionExpression) => ({ cmd: 'element.updateProperties', context: { element: flow, properties: { conditionExpression } } });

function Condition({ element, id, bo }) {
  const injector = useService('injector');
  const debounce = useService('debounceInput');
  const keys = useDecisionsBefore(element.source);
  const isDefault = element.source.businessObject.get('default') === bo;
  const getValue = () => bo.get('conditionExpression')?.get('body') ?? '';
  const put = text => run(injector, [
    ...(text && isDefault ? makeDefault(element.source, undefined) : []),
    conditionChange(element, text ? injector.get('bpmnFactory').create('bpmn:FormalExpression', { body: text }) : undefined),
  ]);
  const ready = keys.flatMap(key => ['ya', 'tidak'].map(answer => ({ answer, key, text: `\${${key} == '${answer}'}` })));
  return h('div', null, [
    isDefault && h('p', { class: 'panel-note' }, 'Ini jalur bawaan: tanpa syarat.'),
    h(TextFieldEntry, { element, id, label: 'Syarat', description: 'Misalnya ${keputusan == \'ya\'}.', debounce, getValue, setValue: put }),
    ready.length > 0 && h('div', { class: 'ready', role: 'group', 'aria-label': 'Syarat siap pakai' },
      ready.map(({ answer, key, text }) => h('button', { key: text, type: 'button', class: 'btn btn-sm btn-outline-secondary', title: text, onClick: () => put(text) }, `Pakai “${answer}” dari ${key}`))),
  ]);
}

/** What the forms before a gateway decide, as far back as the nearest steps. */
function useDecisionsBefore(gateway) {
  const choices = useService('choices');
  const [keys, setKeys] = useState([]);
  const forms = formsBefore(gateway).join();
  useEffect(() => {
    let gone = false;
    Promise.all(forms.split(',').filter(Boolean).map(choices.decisionOf)).then(found => gone || setKeys([...new Set(found.filter(Boolean))]));
    return () => {
      gone = true;
    };
  }, [forms]);
  return keys;
}

function formsBefore(element, seen = new Set()) {
  if (!element || seen.has(element)) return [];
  seen.add(element);
  const form = element.businessObject.get('camunda:formRef');
  if (form) return [form];
  return element.incoming.flatMap(flow => formsBefore(flow.source, seen));
}

function wordsFor({ businessObject: { name, targetRef } }) {
  const target = targetRef?.name || targetRef?.id;
  return name ? `${name} → ${target}` : `ke ${target}`;
}
