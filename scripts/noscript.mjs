/**
 * Tells in every language why nothing is shown, by the catalogs `noscript.<language>.json`: to a browser without
 * JavaScript, and, through public/opening.js, where the page's scripts are damaged.
 */
import { readFileSync } from 'node:fs';
import { LANGUAGES } from '../src/core/i18n/languages.js';

/** @returns {import('vite').Plugin} */
export function noscript() {
  return {
    name: 'noscript',
    transformIndexHtml() {
      const catalogs = Object.keys(LANGUAGES).map((lang) => ({ attrs: { lang }, ...catalogOf(lang) }));
      const texts = catalogs.map(({ attrs, text }) => ({ tag: 'p', attrs, children: text }));
      const damaged = catalogs.map(({ attrs, damaged, again }) => ({
        ...{ tag: 'div', attrs: { ...attrs, class: 'opening' } },
        children: [
          { tag: 'p', children: damaged },
          { tag: 'button', attrs: { class: 'primary' }, children: again },
        ],
      }));
      return [
        { tag: 'noscript', injectTo: 'body', children: texts },
        { tag: 'template', attrs: { id: 'damaged' }, injectTo: 'body', children: damaged },
        // Before the page's own script, so that it hears of its failure.
        { tag: 'script', attrs: { defer: true, src: './opening.js' }, injectTo: 'head-prepend' },
      ];
    },
  };
}

/** @param {string} language @returns {{ text: string, damaged: string, again: string }} */
function catalogOf(language) {
  const catalog = new URL(`../src/core/i18n/words/noscript.${language}.json`, import.meta.url);
  return JSON.parse(readFileSync(catalog, 'utf8'));
}
