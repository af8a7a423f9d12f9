import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));

/**
 * esbuild plugin: `import { config, resolver } from 'bpmnlint-config'` gives the repository's own .bpmnlintrc, ready for a browser,
 * where bpmnlint cannot look for rules in a file system.
 *
 * Rules of bpmnlint itself only; another package in `extends` is refused rather than passed over.
 */
export function bpmnlintConfig(path) {
  return {
    name: 'bpmnlint-config',
    setup(build) {
      build.onResolve({ filter: /^bpmnlint-config$/ }, () => ({ path, namespace: 'bpmnlint-config' }));
      build.onLoad({ filter: /.*/, namespace: 'bpmnlint-config' }, async () => {
        const config = JSON.parse(await readFile(path, 'utf8'));
        if (config.extends !== 'bpmnlint:recommended') throw new Error(`${path}: only "extends": "bpmnlint:recommended" is bundled`);
        return { contents: moduleFor(config, await ruleNames()), resolveDir: HERE };
      });
    },
  };
}

async function ruleNames() {
  const files = await readdir(join(HERE, 'node_modules/bpmnlint/rules'));
  return files.filter(file => file.endsWith('.js') && file !== 'helper.js').map(file => file.slice(0, -3));
}

function moduleFor(config, rules) {
  return [
    "import StaticResolver from 'bpmnlint/lib/resolver/static-resolver.js';",
    "import recommended from 'bpmnlint/config/recommended.js';",
    ...rules.map((name, index) => `import rule${index} from 'bpmnlint/rules/${name}.js';`),
    'export const resolver = new StaticResolver({',
    "  'config:bpmnlint/recommended': recommended,",
    ...rules.map((name, index) => `  'rule:bpmnlint/${name}': rule${index},`),
    '});',
    `export const config = ${JSON.stringify(config)};`,
  ].join('\n');
}
