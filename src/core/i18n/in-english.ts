import type { Detail } from '../domain/detail';
import type { ErrorCode } from '../domain/errors';
import { detailIn } from './details';
import { englishWords } from './app-words';
import { failureSentence } from './failures';
import english from '../../words/details.en.js';

/** A detail for another program, which reads English whatever the page speaks. */
export function detailInEnglish(detail: Detail): string {
  return detailIn(english, detail);
}

/** The sentence for a failure's code, for another program. */
export function explainInEnglish(code: ErrorCode, detail: Detail): string {
  return failureSentence(englishWords, code, detailInEnglish(detail));
}
