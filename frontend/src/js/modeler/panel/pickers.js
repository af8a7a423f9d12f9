/** Fields that pick by name what the file stores by key. */
import { h } from '@bpmn-io/properties-panel/preact';
import { useService } from 'bpmn-js-properties-panel';
import { is } from 'bpmn-js/lib/util/ModelUtil';

const split = text => (text ?? '').split(/[,;]/).map(part => part.trim()).filter(Boolean);

/** Any number of groups; the value is "key,key" as docs/drawings.md has it. A key that is no group here stays, and is said. */
export function GroupsField({ id, label, description, getValue, setValue }) {
  const { groups } = useService('choices');
  const chosen = split(getValue());
  const name = key => groups.find(group => group.key === key)?.name ?? `${key} (tidak dikenal)`;
  const left = groups.filter(group => !chosen.includes(group.key));
  const remove = key => setValue(chosen.filter(one => one !== key).join(','));
  const add = event => event.target.value && setValue([...chosen, event.target.value].join(','));
  return field(id, label, description, [
    chosen.length > 0 && h('ul', { class: 'picked' }, chosen.map(key => picked(key, name(key), label, remove))),
    h('select', { id: idOf(id), name: id, class: 'bio-properties-panel-input', value: '', key: chosen.join(), onChange: add }, [
      h('option', { value: '' }, 'Tambah kelompok …'),
      left.map(group => h('option', { value: group.key, key: group.key }, group.name)),
    ]),
  ]);
}

function picked(key, name, label, remove) {
  const button = { type: 'button', title: `Hapus ${name} dari ${label}`, 'aria-label': `Hapus ${name} dari ${label}`, onClick: () => remove(key) };
  return h('li', { key }, [h('span', null, name), h('button', button, '×')]);
}

/** A step of this drawing, stored by id. */
export function StepField({ element, id, label, description, getValue, setValue }) {
  const value = getValue();
  const steps = useService('elementRegistry').filter(one => is(one, 'bpmn:UserTask') && one !== element);
  const options = steps.map(step => [step.id, step.businessObject.name || step.id]).sort((a, b) => a[1].localeCompare(b[1], 'id'));
  return field(id, label, description, [select(id, value, [['', '(tidak ada)'], ...withMissing(options, value, 'tidak ada pada gambar')], setValue)]);
}

export function withMissing(options, value, why) {
  return !value || options.some(([one]) => one === value) ? options : [...options, [value, `${value} (${why})`]];
}

export function select(id, value, options, setValue) {
  return h('select', { id: idOf(id), name: id, class: 'bio-properties-panel-input', value, onChange: event => setValue(event.target.value) },
    options.map(([one, words]) => h('option', { value: one, key: one, selected: one === value }, words)));
}

export function field(id, label, description, children) {
  return h('div', { class: 'bio-properties-panel-entry', 'data-entry-id': id }, [
    h('label', { for: idOf(id), class: 'bio-properties-panel-label' }, label),
    ...children,
    description && h('div', { class: 'bio-properties-panel-description' }, description),
  ]);
}

export const idOf = id => `bio-properties-panel-${id}`;
