import type { Axis, RecordStatus } from '../domain/camera/plot-point';
import { verdictWords } from '../../words/verdict';
import { utcDates } from '../i18n/wording';
import { plotWords } from '../../words/plot';

export const STATUS_WORDS: Readonly<Record<RecordStatus, string>> = {
  ...verdictWords.words,
  ...plotWords.status,
};

export function axisName({ of, path }: Axis): string {
  return of === 'parameter' ? path : plotWords.axes[of];
}

export function axisSpan(axis: Axis, from: number, to: number): string {
  return `${axisName(axis)}, ${utcDates(from, to)}`;
}
