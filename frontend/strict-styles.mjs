import { readFile } from 'node:fs/promises';

const ASKS = '!root.head && root.adoptedStyleSheets';

/**
 * esbuild plugin: the code editors inside bpmn.io's panels put their styles into a <style> element, which our content security policy
 * blocks. Their library (style-mod) can adopt a style sheet instead, and does so in shadow roots only: let it do so everywhere.
 */
export function strictStyles() {
  return {
    name: 'strict-styles',
    setup(build) {
      build.onLoad({ filter: /style-mod[\\/]src[\\/]style-mod\.js$/ }, async ({ path }) => {
        const contents = await readFile(path, 'utf8');
        if (!contents.includes(ASKS)) throw new Error('style-mod no longer asks for a shadow root');
        return { contents: contents.replace(ASKS, 'root.adoptedStyleSheets'), loader: 'js' };
      });
    },
  };
}
