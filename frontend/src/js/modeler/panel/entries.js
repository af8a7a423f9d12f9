/** Fields of the panel. An entry is what the library wants: {id, component, isEdited} and, as props of the component, what it is about. */
import {
  CheckboxEntry, isCheckboxEntryEdited, isSelectEntryEdited, isTextAreaEntryEdited, isTextFieldEntryEdited, SelectEntry, TextAreaEntry,
  TextFieldEntry,
} from '@bpmn-io/properties-panel';
import { h } from '@bpmn-io/properties-panel/preact';
import { useService } from 'bpmn-js-properties-panel';

import { problemOfNorm, shownNorm, storedNorm, withUnit } from './norm.js';
import { GroupsField, StepField } from './pickers.js';
import { readProperty, setAttributes, writeProperties, writeProperty } from './properties.js';

const filled = (bo, name) => () => Boolean(readProperty(bo, name));
const EDITED = { line: isTextFieldEntryEdited, text: isTextAreaEntryEdited, norm: isTextFieldEntryEdited, choice: isSelectEntryEdited, unit: isSelectEntryEdited, yes: isCheckboxEntryEdited };
const FIELDS = { line: TextFieldEntry, text: TextAreaEntry, norm: TextFieldEntry, choice: SelectEntry, unit: SelectEntry, yes: CheckboxEntry, groups: GroupsField, step: StepField };

/** A camunda:property of `bo`, as facts.js describes it. */
export function propertyEntry(bo, fact) {
  return { id: `alur-${fact.name}`, component: PropertyEntry, isEdited: EDITED[fact.kind] ?? filled(bo, fact.name), bo, fact };
}

function PropertyEntry({ element, id, bo, fact }) {
  const injector = useService('injector');
  const property = { read: () => readProperty(bo, fact.name), write: value => writeProperty(injector, element, bo, fact.name, value) };
  const { read, write } = SPECIAL[fact.kind]?.(injector, element, bo, property) ?? property;
  return h(FIELDS[fact.kind], { ...useField(element, id, fact), getValue: read, setValue: write, validate: validatorOf(fact) });
}

const SPECIAL = {
  yes: (_injector, _element, _bo, { read, write }) => ({ read: () => read() === 'true', write: on => write(on ? 'true' : '') }),
  norm: (injector, element, bo) => ({
    read: () => shownNorm(readProperty(bo, 'waktu'), readProperty(bo, 'satuan')),
    write: typed => writeProperties(injector, element, bo, storedNorm(typed ?? '', readProperty(bo, 'satuan'))),
  }),
  unit: (injector, element, bo, { read }) => ({
    read,
    write: unit => writeProperties(injector, element, bo, withUnit(readProperty(bo, 'waktu'), read(), unit)),
  }),
};

function validatorOf({ kind, pattern, problem }) {
  if (kind === 'norm') return problemOfNorm;
  return pattern ? value => (!value || pattern.test(value.trim()) ? null : problem) : undefined;
}

/** An attribute, of the element or of its process. fact: {name: "camunda:…", label, kind, help} */
export function attributeEntry(bo, fact) {
  const id = `alur-${fact.name.replace(':', '-')}`;
  return { id, component: AttributeEntry, isEdited: EDITED[fact.kind] ?? (() => Boolean(bo.get(fact.name))), bo, fact };
}

function AttributeEntry({ element, id, bo, fact }) {
  const injector = useService('injector');
  const getValue = () => bo.get(fact.name) ?? '';
  const setValue = value => setAttributes(injector, element, bo, { [fact.name]: value || undefined });
  return h(FIELDS[fact.kind], { ...useField(element, id, fact), getValue, setValue });
}

function useField(element, id, { label, help, options }) {
  const debounce = useService('debounceInput');
  return {
    element, id, label, description: help, debounce, autoResize: true,
    getOptions: options && (() => options.map(([value, words]) => ({ value, label: words }))),
  };
}

/** Words only. */
export function noteEntry(id, words) {
  return { id, component: Note, words };
}

function Note({ id, words }) {
  return h('p', { class: 'panel-note', 'data-entry-id': id }, words);
}
