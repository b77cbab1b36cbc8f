import type sentences from '../../words/details.en';

type Sentences = typeof sentences;
type FactsOf<Sentence> = Sentence extends (facts: infer Facts) => string ? Facts : unknown;

/**
 * Details of a failure: a code with the facts of its sentence in src/core/i18n/words/details.en.json.
 * Beside them `at`: where, in no language, with the mark before the sentence, such as `ref.npy:`.
 */
export type CodedDetail = {
  [Code in keyof Sentences]: { readonly at?: string; readonly code: Code } & FactsOf<Sentences[Code]>;
}[keyof Sentences];

/** One fact for the sentence of a failure. A text has no language: a file's name, a number, another program's words. */
export type Detail = string | CodedDetail;
