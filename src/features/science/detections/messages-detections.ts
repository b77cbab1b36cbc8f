import { inLanguage } from '../../../core/i18n/language';
import en from '../../../words/detections.en.js';

export const d = inLanguage('detections', en);

/** `0.87` */
export function scoreOf(score: number): string {
  return score.toFixed(2);
}

/** `0.04`, `1.3`, `27` */
export function meanOf(value: number): string {
  return value === 0 ? '0' : value < 10 ? String(Number(value.toPrecision(2))) : value.toFixed(0);
}
