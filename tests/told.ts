import { AppError } from '../src/core/domain/errors';
import { detailInEnglish } from '../src/core/i18n/in-english';

/** A failure in English, as `code: detail`; another error's own message. */
export function told(error: unknown): string {
  if (!(error instanceof AppError)) return error instanceof Error ? error.message : String(error);
  const detail = detailInEnglish(error.detail);
  return detail === '' ? error.code : `${error.code}: ${detail}`;
}

/** The error's text when work is refused; fails if it is accepted. */
export function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return told(error);
  }
  throw new Error('it was accepted');
}
