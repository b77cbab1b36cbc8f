import {
  TEST_OF,
  type QartodFlag,
  type QartodTest,
  type TestFlags,
} from '../../../../core/domain/camera/qartod';
import type { SpanReason, Usability } from '../../../../core/domain/usable/span';

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

/** The test that a span's reason is of; others are of none, or of several. */
const TESTS: Readonly<Partial<Record<SpanReason, QartodTest>>> = {
  ...TEST_OF,
  turned: 'view',
  unseen: 'view',
  silent: 'gap',
};

/** Of each test as far as a span's reason tells it: the one that it names has the span's flag, and a usable span passes. */
export function testFlagsOfUse(usability: Usability, reason: SpanReason): TestFlags {
  const flag = flagOfUse(usability, reason);
  const named = TESTS[reason];
  const flagBy = (test: QartodTest) => (named === test ? flag : usability === 'usable' && !named ? 1 : null);
  return {
    growth: flagBy('growth'),
    loss: flagBy('loss'),
    view: flagBy('view'),
    gap: named === 'gap' ? flag : 1,
    learned: named === 'learned' ? flag : null,
  };
}
