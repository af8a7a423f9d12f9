/**
 * bpmnlint while drawing, and the server's last findings, in one: one mark an element, one list, no fact twice.
 *
 * setServed(findings) takes what app/web/bench_editor.py answers. The event linting.completed carries {issues: {element id: [issue]}},
 * an issue being {id, category: error | warn | info, message, rule, actualElementId}.
 */
import lintModule from 'bpmn-js-bpmnlint';

import { SAID_BY, SAME_FACT, sentenceFor } from './lint-words.js';

const CATEGORY = { error: 'error', warning: 'warn', info: 'info' };

/** Rules that read <incoming> and <outgoing>, which a file may leave out: what is drawn counts. */
const CONNECTED = {
  'no-disconnected': element => element?.incoming.length > 0 || element?.outgoing.length > 0,
  'no-implicit-start': element => element?.incoming.length > 0,
  'no-implicit-end': element => element?.outgoing.length > 0,
};

const Linting = lintModule.linting[1];

class JoinedLinting extends Linting {
  #served = [];

  setServed(findings) {
    this.#served = findings;
    this.update();
  }

  async lint() {
    const reports = Object.entries(await super.lint())
      .flatMap(([rule, found]) => found.map(report => ({ ...report, rule })))
      .filter(({ rule, id }) => !CONNECTED[bare(rule)]?.(this._elementRegistry.get(id)));
    const served = this.#served.flatMap(finding => this.#issueOf(finding));
    const live = withoutRepeats(reports, served).map(report => ({ ...report, meta: undefined, message: sentenceFor(report.rule) }));
    return groupByRule([...served, ...live]);
  }

  /** Nothing about what was deleted since; what is about the whole belongs to its process. */
  #issueOf({ element, rule, severity, message, file }) {
    if (file.endsWith('.form')) return [];
    const process = this._bpmnjs.getDefinitions().get('rootElements').find(root => root.$type === 'bpmn:Process');
    if (element && !this._elementRegistry.get(element) && element !== process?.id) return [];
    return [{ id: element || process?.id, rule: `alur/${rule}`, category: CATEGORY[severity], message }];
  }

  /** The library's line names the rule and links to its page, both in English. */
  _addEntry(list, state, { message }) {
    const item = document.createElement('li');
    item.className = state;
    item.textContent = message;
    list.append(item);
  }
}

const bare = rule => rule.replace(/^\w+\//, '');

function withoutRepeats(reports, served) {
  const told = new Set([...served, ...reports].map(({ id, rule }) => `${id} ${bare(rule)}`));
  return reports.filter(({ id, rule }) => {
    const others = [...(SAME_FACT[bare(rule)] ?? []), ...(bare(rule) in SAID_BY ? [SAID_BY[bare(rule)]] : [])];
    return !others.some(other => told.has(`${id} ${other}`));
  });
}

function groupByRule(issues) {
  const grouped = {};
  for (const issue of issues) (grouped[issue.rule] ??= []).push(issue);
  return grouped;
}

export const lintingModule = { ...lintModule, linting: ['type', JoinedLinting] };
