import type { Feature, Place } from './feature';

/** The places of all features: those of `header` in its order, then the others. */
export function placesOf(features: readonly Feature[], header: readonly Feature[]): readonly Place[] {
  return [...new Set([...header, ...features])].flatMap(({ place }) => place ?? []);
}
