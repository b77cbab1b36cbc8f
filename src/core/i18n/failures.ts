import type { Blindness } from '../domain/drift/detectors/detector';
import type { Detail } from '../domain/detail';
import { AppError, type ErrorCode } from '../domain/errors';
import type { Words } from '../../words/words';
import { appWords } from './app-words';
import { sayDetail } from './details';

export function explain(code: ErrorCode, detail: Detail): string {
  return failureSentence(appWords, code, sayDetail(detail));
}

/** The same for whatever was thrown: what is no failure of ours is unexpected, with its own words as the detail. */
export function explainError(error: unknown): string {
  if (error instanceof AppError) return explain(error.code, error.detail);
  return explain('unexpected', error instanceof Error ? error.message : '');
}

/** The same for a part of the page that could not be loaded. @param name - what a person would call the part */
export function explainLoading(error: unknown, name: string): string {
  return error instanceof AppError ? explainError(error) : explain('fetch-failed', name);
}

/** As `explain`, in any language, for a stored code that this page may not know. @param detail - in that language */
export function failureSentence(
  { errors, blindness }: Pick<Words['app'], 'errors' | 'blindness'>,
  code: ErrorCode,
  detail: string,
): string {
  const sentence = errors[Object.hasOwn(errors, code) ? code : 'unexpected'];
  if (typeof sentence === 'string') return sentence;
  const isBlindness = code === 'detector-blind' && Object.hasOwn(blindness, detail);
  const said = isBlindness ? blindness[detail as Blindness] : detail.replace(/(?<!\.)\.$/, '');
  return sentence({ detail: said, hasDetail: said !== '' });
}
