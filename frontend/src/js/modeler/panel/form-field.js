/** Which form a step opens: one of the draft's, with a way to its editor and to a new one. */
import { h } from '@bpmn-io/properties-panel/preact';
import { useState } from '@bpmn-io/properties-panel/preact/hooks';
import { useService } from 'bpmn-js-properties-panel';

import { field, idOf, select, withMissing } from './pickers.js';
import { setAttributes } from './properties.js';

const ID = 'alur-formulir';
const REF = 'camunda:formRef';
const BINDING = 'camunda:formRefBinding';

export function formEntry(bo) {
  return { id: ID, component: FormField, isEdited: () => Boolean(bo.get(REF)), bo };
}

function FormField({ element, bo }) {
  const injector = useService('injector');
  const choices = useService('choices');
  const value = bo.get(REF) ?? '';
  const current = choices.forms.find(form => form.id === value);
  const put = id => setAttributes(injector, element, bo, { [REF]: id || undefined, [BINDING]: id ? (bo.get(BINDING) ?? 'deployment') : undefined });
  const options = choices.forms.map(form => [form.id, `${form.id} · ${form.title}`]);
  return field(ID, 'Formulir', 'Yang diisi pada langkah ini.', [
    select(ID, value, [['', '(belum ada)'], ...withMissing(options, value, 'tidak ada pada rancangan ini')], put),
    current && h('a', { class: 'panel-link', href: current.address, target: '_blank', rel: 'noopener' }, 'Buka formulir (tab baru)'),
    h(NewForm, { choices, put, key: element.id }),
  ]);
}

function NewForm({ choices, put }) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  async function create(event) {
    const box = event.target.closest('details');
    const [id, title] = ['id', 'judul'].map(name => box.querySelector(`[name="${name}"]`).value.trim());
    if (!id) return setProblem('Id formulir belum diisi, misalnya pf04.');
    setBusy(true);
    const refused = await choices.createForm(id, title);
    setBusy(false);
    setProblem(refused);
    if (refused) return undefined;
    box.open = false;
    return put(id);
  }
  return h('details', { class: 'new-form' }, [
    h('summary', null, 'Buat formulir baru'),
    line('id', 'Id formulir, misalnya pf04'),
    line('judul', 'Judul'),
    problem && h('div', { class: 'bio-properties-panel-error', role: 'alert' }, problem),
    h('button', { type: 'button', class: 'btn btn-sm btn-outline-primary', disabled: busy, onClick: create }, 'Buat dan pakai'),
  ]);
}

function line(name, label) {
  const id = idOf(`alur-formulir-baru-${name}`);
  return h('div', null, [
    h('label', { for: id, class: 'bio-properties-panel-label' }, label),
    h('input', { id, name, type: 'text', class: 'bio-properties-panel-input', autocomplete: 'off' }),
  ]);
}
