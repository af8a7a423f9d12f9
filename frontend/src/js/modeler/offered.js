/**
 * What may be drawn: palette, context pad and replace menu offer only what docs/bpmn-subset.md says runs or is drawn for people.
 * The library's own entries are kept by name; where it offers a refused kind first (a plain task, a throwing event), ours stands in its place.
 */
const PALETTE = [
  'hand-tool', 'lasso-tool', 'space-tool', 'global-connect-tool', 'tool-separator', 'create.start-event', 'create.end-event',
  'create.exclusive-gateway', 'create.subprocess-expanded', 'create.data-object', 'create.data-store', 'create.group',
  'create.participant-expanded',
];

const PAD = [
  'lane-insert-above', 'lane-divide-two', 'lane-divide-three', 'lane-insert-below', 'append.end-event', 'append.gateway',
  'append.text-annotation', 'replace', 'connect', 'delete',
];

const REPLACE = [
  'none-start', 'none-end', 'terminate-end', 'message-end', 'error-end', 'escalation-end', 'user-task', 'manual-task', 'send-task',
  'receive-task', 'expanded-subprocess', 'subprocess', 'call-activity', 'exclusive-gateway', 'parallel-gateway', 'inclusive-gateway',
  'exclusive-event-based-gateway', 'timer-intermediate-catch', 'message-intermediate-catch', 'message-intermediate-throw',
  'timer-boundary', 'non-interrupting-timer-boundary', 'message-boundary', 'non-interrupting-message-boundary', 'error-boundary',
  'escalation-boundary', 'non-interrupting-escalation-boundary', 'data-object-reference', 'data-store-reference', 'default-flow',
  'sequence-flow', 'expanded-pool',
].map(name => `replace-with-${name}`);

export const CHOICES = ['bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway'];
const REPEATS = ['toggle-parallel-mi', 'toggle-sequential-mi'];
const HEADS = {
  'bpmn:UserTask': ['toggle-parallel-mi'], 'bpmn:SubProcess': REPEATS, 'bpmn:CallActivity': REPEATS, 'bpmn:BoundaryEvent': ['toggle-non-interrupting'],
};
const TIMER = { eventDefinitionType: 'bpmn:TimerEventDefinition' };
const OURS = [
  { key: 'user-task', type: 'bpmn:UserTask', group: 'activity', icon: 'bpmn-icon-user-task', create: 'Buat tugas pengguna', append: 'Tambahkan tugas pengguna sesudah ini' },
  { key: 'parallel-gateway', type: 'bpmn:ParallelGateway', group: 'gateway', icon: 'bpmn-icon-gateway-parallel', create: 'Buat gerbang paralel' },
  {
    key: 'timer-event', type: 'bpmn:IntermediateCatchEvent', group: 'event', icon: 'bpmn-icon-intermediate-event-catch-timer', options: TIMER,
    create: 'Buat kejadian waktu (di tepi tugas: batas waktu)', append: 'Tambahkan kejadian waktu sesudah ini',
  },
];

const AFTER_THE_LIBRARY = 100;

class OfferedElements {
  constructor(eventBus, canvas, palette, contextPad, popupMenu, injector) {
    Object.assign(this, { canvas, injector });
    palette.registerProvider(AFTER_THE_LIBRARY, this);
    contextPad.registerProvider(AFTER_THE_LIBRARY, this);
    popupMenu.registerProvider('bpmn-replace', AFTER_THE_LIBRARY, this);
    eventBus.on('root.set', () => eventBus.fire('i18n.changed')); // the palette is drawn anew: a pool is offered only where there is none
  }

  getPaletteEntries() {
    return entries => {
      const kept = pick(entries, PALETTE);
      if (this.canvas.getRootElement()?.businessObject?.$type !== 'bpmn:Process') delete kept['create.participant-expanded'];
      for (const one of OURS) kept[`create.${one.key}`] = this.#creating(one);
      kept['create.text-annotation'] = this.#creating({ type: 'bpmn:TextAnnotation', group: 'artifact', icon: 'bpmn-icon-text-annotation', create: 'Buat catatan' });
      return kept;
    };
  }

  getContextPadEntries() {
    return entries => {
      const kept = pick(entries, PAD);
      if ('append.append-task' in entries) for (const one of OURS.filter(({ append }) => append)) kept[`append.${one.key}`] = this.#appending(one);
      return kept;
    };
  }

  getPopupMenuEntries(element) {
    const kept = CHOICES.includes(element.source?.type) ? REPLACE : REPLACE.filter(name => name !== 'replace-with-default-flow');
    return entries => pick(entries, kept);
  }

  /** In the head of the menu: once for each OPD, and events that let the task go on. */
  getPopupMenuHeaderEntries(element) {
    const kept = HEADS[element.type] ?? [];
    return entries => pick(entries, kept);
  }

  #shape({ type, options }) {
    return this.injector.get('elementFactory').createShape({ type, ...options });
  }

  #creating(one) {
    const start = event => this.injector.get('create').start(event, this.#shape(one));
    return { group: one.group, className: one.icon, title: one.create, action: { dragstart: start, click: start } };
  }

  #appending(one) {
    const start = (event, source) => this.injector.get('create').start(event, this.#shape(one), { source });
    const append = (_event, source) => this.injector.get('autoPlace').append(source, this.#shape(one));
    return { group: 'model', className: one.icon, title: one.append, action: { dragstart: start, click: append } };
  }
}

OfferedElements.$inject = ['eventBus', 'canvas', 'palette', 'contextPad', 'popupMenu', 'injector'];

function pick(entries, names) {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => names.includes(name)));
}

export const offeredModule = { __init__: ['offeredElements'], offeredElements: ['type', OfferedElements] };
