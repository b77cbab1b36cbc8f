/** Tells a browser without JavaScript in every language why it shows nothing: the catalogs `noscript.<language>.json`. */
import { readFileSync } from 'node:fs';
import { LANGUAGES } from '../src/core/i18n/languages.js';

/** @returns {import('vite').Plugin} */
export function noscript() {
  return {
    name: 'noscript',
    transformIndexHtml: () => [
      { tag: 'noscript', injectTo: 'body', children: Object.keys(LANGUAGES).map(paragraph) },
    ],
  };
}

/** @param {string} language @returns {import('vite').HtmlTagDescriptor} */
function paragraph(language) {
  const catalog = new URL(`../src/core/i18n/words/noscript.${language}.json`, import.meta.url);
  const { text } = JSON.parse(readFileSync(catalog, 'utf8'));
  return { tag: 'p', attrs: { lang: language }, children: text };
}
