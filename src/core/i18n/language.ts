import type { Words } from '../../words/words';

let spoken: Words | null = null;

/** Puts another language's sentences in force: once, before any part is loaded. */
export function speakParts(words: Words): void {
  spoken = words;
}

/** The sentences of a part in the language of the page; the English ones are loaded with the part. */
export function inLanguage<Part extends keyof Words>(part: Part, english: Words[Part]): Words[Part] {
  return spoken?.[part] ?? english;
}
