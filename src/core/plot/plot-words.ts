import type { Axis, RecordStatus } from '../domain/camera/plot-point';
import { appWords } from '../i18n/app-words';
import { utcDates } from '../i18n/wording';
import { plotWords } from '../../words/plot';

export const STATUS_WORDS: Readonly<Record<RecordStatus, string>> = {
  ...appWords.verdict.words,
  ...plotWords.status,
};

export function axisName({ of, path }: Axis): string {
  return of === 'parameter' ? path : plotWords.axes[of];
}

export function axisSpan(axis: Axis, from: number, to: number): string {
  return `${axisName(axis)}, ${utcDates(from, to)}`;
}
