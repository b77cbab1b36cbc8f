import type { Fouling } from '../domain/fouling';

/** What a person calls each kind of dirt, in English. */
export const FOULING_NAMES: Readonly<Record<Fouling, string>> = {
  film: 'film',
  silt: 'silt',
  growth: 'growth',
  droplets: 'droplets',
  defocus: 'defocus',
  cover: 'cover',
};
