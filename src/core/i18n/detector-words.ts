import type { DetectorSettings } from '../domain/model/model';
import { inLanguage } from './language';
import english from '../../words/detectors.en.js';

/** Sentences of a detector, by its name. */
type DetectorWords = Readonly<
  Record<
    string,
    {
      /** a string if the sentence tells no sigma */
      readonly method: string | ((facts: { readonly sigma: number }) => string);
      readonly distance: string;
    }
  >
>;

/** Sentences of a detector; null for one without any. The Monitor loads this before a language is chosen. */
function saidOf(name: string) {
  const catalog: DetectorWords = inLanguage('detectors', english);
  return Object.hasOwn(catalog, name) ? catalog[name] : null;
}

/** How a window is compared with the reference, inside a sentence; for a detector without sentences its name. */
export function methodOf({ name, sigma }: DetectorSettings): string {
  const method = saidOf(name)?.method ?? name;
  return typeof method === 'string' ? method : method({ sigma });
}

/** Facts about a detector's distances; empty for one without sentences. */
export function aboutDistance(name: string): string {
  return saidOf(name)?.distance ?? '';
}
