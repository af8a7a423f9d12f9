import { WORDS } from './words.js';

/**
 * The library's `translate`. What has no Indonesian words stays as it is, and is kept in data-untranslated of the stage: a test reads it.
 */
export function makeTranslate(stage) {
  const known = new Set(Object.values(WORDS));
  const missing = new Set();
  return (template, replacements = {}) => {
    const found = Object.hasOwn(WORDS, template);
    if (!found && !known.has(template) && !missing.has(template)) {
      missing.add(template);
      stage.dataset.untranslated = [...missing].join('\n');
    }
    return (found ? WORDS[template] : template).replace(/\{([^}]+)\}/g, (whole, key) => replacements[key] ?? whole);
  };
}
