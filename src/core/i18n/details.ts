import { createSubscriber } from 'svelte/reactivity';
import { LONGEST_DETAIL, type Detail } from '../domain/detail';
import { plainText } from '../domain/files/plain-name';
import { inLanguage } from './language';
import type { Words } from '../../words/words';

let english: Words['details'] | null = null;

/** Fetches the sentences of details, which the first paint does without. */
export async function fetchDetails(): Promise<void> {
  english ??= (await import('../../words/details.en.js')).default;
}

/** Lets a template that said a detail too early say it again. */
const whenFetched = createSubscriber((update) => {
  // Out of reach, the rest of the failure's sentence is said all the same.
  fetchDetails().then(update, () => undefined);
});

/** A detail in the language of the page; `…` until its sentence was fetched. */
export function sayDetail(detail: Detail): string {
  if (typeof detail === 'string') return detail;
  const words = inLanguage('details', english);
  if (words) return detailIn(words, detail);
  whenFetched();
  return '…';
}

/** A detail in the language of these sentences; the code itself when a newer page stored it. */
export function detailIn(words: Words['details'], detail: Detail): string {
  if (typeof detail === 'string') return detail;
  const { at = '', code } = detail;
  const sentence = Object.hasOwn(words, code) ? (words[code] as string | ((facts: object) => string)) : code;
  const said = typeof sentence === 'string' ? sentence : sentence(detail);
  return plainText(at === '' ? said : `${at} ${said}`, LONGEST_DETAIL);
}
