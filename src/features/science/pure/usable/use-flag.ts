import type { QartodFlag } from '../../../../core/domain/camera/qartod';
import type { Usability } from '../../../../core/domain/usable/span';

/**
 * QARTOD's primary flags by what could be seen: as `flagOf` has them for a snapshot, where the dark and another view are
 * not evaluated. Murky water is no fault of the lens, and so none of a snapshot's flag; a count in it is suspect.
 */
const FLAGS: Readonly<Record<Usability, QartodFlag>> = {
  usable: 1,
  suspect: 3,
  fouled: 4,
  murky: 3,
  moved: 2,
  dark: 2,
  silent: 9,
  unknown: 2,
};

/** The flag of a time for what was seen in it; a clean lens on a turned camera is suspect. */
export function flagOfUse(usability: Usability, reason: string): QartodFlag {
  return reason === 'turned' ? FLAGS.suspect : FLAGS[usability];
}
