import type sentences from '../../words/details.en';
import { plainText } from './files/plain-name';
import { isObject, isText, single } from './row';

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

/** A longer text can't be read within a sentence. */
export const LONGEST_DETAIL = 500;
const MOST_FACTS = 12;

/** A detail without letters that can't be shown, each of its texts cut to a length. */
export function plainDetail(detail: Detail): Detail {
  if (typeof detail === 'string') return plainText(detail, LONGEST_DETAIL);
  const facts = Object.entries(detail).map(([name, fact]: [string, unknown]) => [
    name,
    typeof fact === 'string' ? plainText(fact, LONGEST_DETAIL) : fact,
  ]);
  return Object.fromEntries(facts) as CodedDetail;
}

/** True for a stored detail. Its code may be one that only a newer page knows. */
function isDetail(value: unknown): value is Detail {
  if (!isObject(value)) return isText(value);
  const facts = Object.values(value);
  return (
    isText(value['code']) &&
    facts.length <= MOST_FACTS &&
    facts.every((fact) => ['string', 'number', 'boolean'].includes(typeof fact))
  );
}

export const DETAIL = single<Detail>(isDetail, undefined, plainDetail);
