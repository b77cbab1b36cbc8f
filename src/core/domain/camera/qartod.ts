import type { DriftStatus } from '../drift/thresholds';
import type { ConclusionCode } from '../glass/conclusion';
import { evidenceOf } from '../glass/evidence';
import { isTurned } from '../glass/turn';
import type { Onset } from '../usable/onset';
import type { Job } from './job';
import { conclusionOf, learnedVerdictOf, verdictOf } from './verdict';

/**
 * The primary flags of QARTOD, by which oceanographic data say how far they can be used: 1 pass, 2 not evaluated,
 * 3 suspect or of high interest, 4 fail, 9 missing data.
 *
 * @see U.S. IOOS, Manual for Real-Time Oceanographic Data Quality Control Flags, version 1.2, 2020; the
 * scheme is IOC 54:V3, https://ioos.noaa.gov/project/qartod/
 */
export const QARTOD_FLAGS = [1, 2, 3, 4, 9] as const;

export type QartodFlag = (typeof QARTOD_FLAGS)[number];

/**
 * The same in the flags of OceanSITES: 0 unknown, 1 good, 3 potentially correctable, 4 bad, 9 missing. Its 2, *probably
 * good*, is never said: QARTOD's 2 means that nobody could tell.
 *
 * @see OceanSITES Data Format Reference Manual, version 1.4, reference table 2
 */
const OCEANSITES = { 1: 1, 2: 0, 3: 3, 4: 4, 9: 9 } as const;

export type OceansitesFlag = (typeof OCEANSITES)[QartodFlag];

export function oceansitesOf(flag: QartodFlag): OceansitesFlag {
  return OCEANSITES[flag];
}

const SUSPECT = 3;
const BY_VERDICT = { normal: 1, 'warming-up': 2, warning: 3, drift: 4 } as const;

/**
 * How far a snapshot can be used for what was seen through the lens, such as fish counts: the job's own verdict, which
 * is that of its conclusion, as a flag. Another view, the dark, and a window that fills are not evaluated. That something
 * covers the camera is suspect, and so is a turned camera until its view has a reference, whatever is said of the lens.
 * Another model's job of the same snapshot has a flag of its own.
 */
export function flagOf(job: Job): QartodFlag {
  const verdict = verdictOf(job);
  if (verdict !== 'not-checked') {
    const flag = BY_VERDICT[verdict];
    return job.jobStatus === 'Completed' && isTurned(job.glass)
      ? (Math.max(flag, SUSPECT) as QartodFlag)
      : flag;
  }
  if (job.jobStatus === 'Completed') return 2;
  // The picture is there, but the model gave numbers that nobody can judge by.
  return job.code.startsWith('embedding-') ? 2 : 9;
}

/** Tests: growth and loss on the glass, the view, that snapshots come, and the learned distance. */
export type QartodTest = 'growth' | 'loss' | 'view' | 'gap' | 'learned';

/** null for a test that has no say. */
export type TestFlags = Readonly<Record<QartodTest, QartodFlag | null>>;

/** The test that a conclusion is of; others are of none, or of the one that speaks. */
export const TEST_OF: Readonly<Partial<Record<ConclusionCode, QartodTest>>> = {
  growth: 'growth',
  film: 'loss',
  silt: 'loss',
  blurred: 'loss',
  covered: 'loss',
  fouled: 'learned',
  changed: 'view',
  'covered-or-elsewhere': 'view',
  elsewhere: 'view',
  moved: 'view',
  murky: 'view',
  'too-dark': 'view',
};

/**
 * The flag of each test, of which `flagOf` is the worst. The learned distance by a model of another camera has no say. While a
 * person is asked what happened the view is suspect, and growth and loss are of the rest.
 */
export function testFlagsOf(job: Job): TestFlags {
  const flag = flagOf(job);
  if (job.jobStatus === 'Failed') {
    return { growth: flag, loss: flag, view: flag, gap: flag === 9 ? 9 : 1, learned: flag };
  }
  const { code, level, speaker, restsOn } = conclusionOf(job);
  const named = TEST_OF[code] ?? speaker;
  const { growth, loss, rest } = evidenceOf(job.glass);
  const flagBy = (test: 'growth' | 'loss' | 'learned', status?: DriftStatus): QartodFlag | null => {
    if (named === test) return flag;
    if (status && restsOn.includes(test)) return BY_VERDICT[status];
    return level === 'unknown' && test !== 'learned' ? 2 : null;
  };
  const learned = learnedVerdictOf(job);
  return {
    growth: flagBy('growth', (rest?.growth ?? growth)?.status),
    loss: flagBy('loss', (rest?.loss ?? loss)?.status),
    view: named === 'view' ? flag : isTurned(job.glass) ? SUSPECT : 1,
    gap: 1,
    learned: flagBy('learned', learned === 'not-checked' ? undefined : learned),
  };
}

/** The flags of the tests as columns of a table. @param flagsOf - asked once for each item */
export function testColumns<Item extends object>(flagsOf: (item: Item) => TestFlags) {
  const known = new WeakMap<Item, TestFlags>();
  const of = (test: QartodTest) => (item: Item) => {
    const flags = known.get(item) ?? flagsOf(item);
    known.set(item, flags);
    return flags[test];
  };
  return {
    qartod_growth: of('growth'),
    qartod_loss: of('loss'),
    qartod_view: of('view'),
    /** 9 where no picture could be read */
    qartod_gap: of('gap'),
    qartod_learned: of('learned'),
  };
}

/**
 * The same as it is known by now: what still passed, or was not evaluated since the window filled, between an onset and
 * the drift that it led to is suspect. The flag of then stays what it was.
 *
 * @param onsets - of the camera
 */
export function flagSinceOnset(job: Job, onsets: readonly Onset[]): QartodFlag {
  const verdict = verdictOf(job);
  if (verdict !== 'normal' && verdict !== 'warming-up') return flagOf(job);
  const isOnItsWay = onsets.some(({ at, alarmAt }) => at <= job.capturedAt && job.capturedAt < alarmAt);
  return isOnItsWay ? SUSPECT : flagOf(job);
}
