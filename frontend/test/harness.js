/**
 * The page in which tests open a drawing as an analyst's modeler would: bpmn-js with the camunda namespace, and bpmnlint.
 * Never shipped.
 */
import './harness.css';

import { Linter } from 'bpmnlint';
import { config, resolver } from 'bpmnlint-config';
import Modeler from 'bpmn-js/lib/Modeler';
import camunda from 'camunda-bpmn-moddle/resources/camunda.json';

/**
 * Import, lint and save one drawing.
 * @returns {Promise<{warnings: string[], saved: string, lint: {id: string, rule: string, category: string, message: string}[]}>}
 *   `saved` is what the modeler would write to the file; importing raises when the XML cannot be drawn at all.
 */
window.checkDrawing = async xml => {
  const modeler = new Modeler({ container: '#canvas', moddleExtensions: { camunda } });
  try {
    const { warnings } = await modeler.importXML(xml);
    // A linter of its own for each drawing: some rules remember the ids they have seen.
    const reports = await new Linter({ config, resolver }).lint(modeler.getDefinitions());
    const { xml: saved } = await modeler.saveXML({ format: true });
    return { warnings: warnings.map(({ message }) => message), saved, lint: flatten(reports) };
  } finally {
    modeler.destroy();
  }
};

function flatten(reports) {
  return Object.entries(reports).flatMap(([rule, found]) =>
    found.map(({ id, category, message }) => ({ id: id ?? '', rule, category, message })),
  );
}

window.harnessReady = true;
