import type { Fouling } from '../domain/fouling';
import { inLanguage } from './language';

export type FoulingNames = Readonly<Record<Fouling, string>>;

/** What a person calls each kind of dirt. */
export const FOULING_NAMES: FoulingNames = inLanguage('fouling', {
  film: 'film',
  silt: 'silt',
  growth: 'growth',
  droplets: 'droplets',
  defocus: 'defocus',
  cover: 'cover',
});
