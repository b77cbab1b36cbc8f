import type { Words } from '../../words/words';

let spoken: Words | null = null;

/** Puts another language's sentences in force, or English: once, before any part is loaded. */
export function speakParts(words: Words | null): void {
  spoken = words;
}

/** The sentences of a part in the language of the page; the English ones are loaded with the part, or null until then. */
export function inLanguage<Part extends keyof Words, English extends Words[Part] | null>(
  part: Part,
  english: English,
): Words[Part] | English {
  return spoken?.[part] ?? english;
}
