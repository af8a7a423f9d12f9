/** What the fields offer to pick: {groups: [{key, name}], forms: [{id, title, address}]}, and the forms' own decisions. */
export function makeChoices(stage, server) {
  const choices = { groups: [], forms: [], load, createForm, decisionOf };
  const decisions = new Map();

  async function load() {
    const { status, data } = await server.get(stage.dataset.choices);
    if (status === 200) Object.assign(choices, data);
    return status === 200;
  }

  /** A new, empty form of this draft. @returns a sentence where it was refused, else "" */
  async function createForm(id, title) {
    if (choices.forms.some(form => form.id === id)) return `Formulir “${id}” sudah ada; pilih dari daftar.`;
    const schema = JSON.stringify({ ...EMPTY_FORM, id, title: title || id }, null, 2);
    const { status, data } = await server.post(addressOf(id), { schema, revision: 0 });
    if (status !== 200) return data.problem;
    if (!(await load())) choices.forms = [...choices.forms, { id, title: title || id, address: data.address }];
    return '';
  }

  /** The key that a form's two buttons fill in, "" where it has none: what a gateway after it can ask. */
  function decisionOf(id) {
    if (!choices.forms.some(form => form.id === id)) return '';
    if (!decisions.has(id)) decisions.set(id, readDecision(id));
    return decisions.get(id);
  }

  async function readDecision(id) {
    const { status, data } = await server.get(`${addressOf(id)}.json`);
    return status === 200 ? (allOf(data.components ?? []).find(one => one.properties?.tombol === 'true')?.key ?? '') : '';
  }

  const addressOf = id => stage.dataset.form.replace(/-$/, encodeURIComponent(id));

  return choices;
}

const EMPTY_FORM = {
  type: 'default', schemaVersion: 19, executionPlatform: 'Camunda Platform', executionPlatformVersion: '7.24.0', components: [],
};

const allOf = components => components.flatMap(one => [one, ...allOf(one.components ?? [])]);
