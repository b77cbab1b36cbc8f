import type { Reference } from '../domain/camera/reference';
import { utcDay } from './format';

/** A reference's name: the day on which its cycle began, or the version that a person made. */
export function referenceName(
  reference: Pick<Reference, 'version' | 'beganAt'> | null | undefined,
  language?: string,
): string {
  if (!reference) return '–';
  const { version, beganAt } = reference;
  return beganAt === undefined ? String(version) : utcDay(beganAt, language);
}
