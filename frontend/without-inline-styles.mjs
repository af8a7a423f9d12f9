import { readFile } from 'node:fs/promises';

/**
 * esbuild plugin: our pages forbid style attributes in markup (`style-src 'self'`), and a few library modules bring some along.
 *
 * Icons: declarations become the presentation attributes of the same name, which SVG reads alike. The panel's container: dropped,
 * its height is in modeler.css. A listed module without any such attribute fails the build, so that the list does not outlive its reason.
 */
const MODULES = /bpmn-js[\\/]lib[\\/]features[\\/](?:align|distribute)-elements[\\/]\w+Icons\.js$|bpmn-js-properties-panel[\\/]dist[\\/]index\.esm\.js$/;
const STYLE = / style="([^"]*)"/g;
const PRESENTATION = /^(?:fill|stroke|opacity)/;

export function withoutInlineStyles() {
  return {
    name: 'without-inline-styles',
    setup(build) {
      build.onLoad({ filter: MODULES }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        if (text.search(STYLE) < 0) throw new Error(`${path}: no style attribute left; take it from the list`);
        return { contents: text.replace(STYLE, (_, style) => attributesOf(style)), loader: 'js' };
      });
    },
  };
}

function attributesOf(style) {
  return style
    .split(';')
    .map(part => part.split(':').map(word => word.trim()))
    .filter(([name]) => PRESENTATION.test(name))
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
}
