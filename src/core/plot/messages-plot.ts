import type { Axis, RecordStatus } from '../domain/camera/plot-point';
import { inLanguage } from '../i18n/language';
import { t } from '../i18n/messages';
import { utcDates } from '../i18n/wording';
import en from '../../words/plot.en.js';

const catalog = inLanguage('plot', en);

export const pl = {
  ...catalog,
  status: { ...t.verdict.words, ...catalog.status } satisfies Record<RecordStatus, string>,
  axis: axisName,
  span: (axis: Axis, from: number, to: number) => `${axisName(axis)}, ${utcDates(from, to)}`,
};

function axisName({ of, path }: Axis): string {
  return of === 'parameter' ? path : catalog.axes[of];
}
