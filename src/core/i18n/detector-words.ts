import type { DetectorSettings } from '../domain/model/model';
import { inLanguage } from './language';
import english from '../../words/detectors.en.js';

/** Sentences of a detector; null for one without any. The Monitor loads this before a language is chosen. */
function saidOf(name: string) {
  const catalog = inLanguage('detectors', english);
  const isKnown = (key: string): key is keyof typeof catalog => Object.hasOwn(catalog, key);
  return isKnown(name) ? catalog[name] : null;
}

/** How a window is compared with the reference, inside a sentence; for a detector without sentences its name. */
export function methodOf({ name, sigma }: DetectorSettings): string {
  return saidOf(name)?.method({ sigma }) ?? name;
}

/** Facts about a detector's distances; empty for one without sentences. */
export function aboutDistance(name: string): string {
  return saidOf(name)?.distance ?? '';
}
