import type { DetectorSettings } from '../domain/model/model';
import { inLanguage } from './language';
import en from '../../words/detectors.en.js';

/** What is said of a detector; null for one that has no sentences. The Monitor loads this before a language is chosen. */
function saidOf(name: string) {
  const catalog = inLanguage('detectors', en);
  const isKnown = (key: string): key is keyof typeof catalog => Object.hasOwn(catalog, key);
  return isKnown(name) ? catalog[name] : null;
}

/** By what a window is compared with the reference, inside a sentence: of a detector without sentences its name. */
export function methodOf({ name, sigma }: DetectorSettings): string {
  return saidOf(name)?.method({ sigma }) ?? name;
}

/** What is to be known of a detector's distances; empty for one without sentences. */
export function aboutDistance(name: string): string {
  return saidOf(name)?.distance ?? '';
}
