import type { DriftStatus } from '../drift/thresholds';
import type { ConclusionCode } from '../glass/conclusion';
import { evidenceOf } from '../glass/evidence';
import type { GlassFacts } from '../glass/glass-facts';
import { isTurned } from '../glass/turn';
import type { Onset } from '../usable/onset';
import type { CompletedJob, Job } from './job';
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

const [SUSPECT, FAIL] = [3, 4] as const;
const BY_VERDICT = { normal: 1, 'warming-up': 2, warning: 3, drift: 4 } as const;

/**
 * How far a snapshot can be used for what was seen through the lens, such as fish counts: the worse of the lens's flag, which
 * is that of the job's verdict, and of the view's. A lens that was not measured is not evaluated, and so is a view that is
 * not the reference's. While the view's alarm stands, another view is suspect, and one that can't be seen fails. A turned
 * camera is suspect until its view has a reference. Another model's job of the same snapshot has a flag of its own.
 */
export function flagOf(job: Job): QartodFlag {
  if (job.jobStatus === 'Failed') {
    // The picture is there, but the model gave numbers that nobody can judge by.
    return job.code.startsWith('embedding-') ? 2 : 9;
  }
  return worst(lensFlagOf(job), viewFlagOf(job.glass));
}

function lensFlagOf(job: CompletedJob): QartodFlag {
  const verdict = verdictOf(job);
  return verdict === 'not-checked' ? 2 : BY_VERDICT[verdict];
}

/** The view's own flag: 1 unless its alarm stands or the camera is turned. */
function viewFlagOf(glass: GlassFacts | null | undefined): QartodFlag {
  const { state, isAlarming } = glass?.view ?? {};
  // Up to 2.0.0 the lens's flag told it.
  if (state !== undefined && isAlarming) return state === 'unseen' && !glass!.isDark ? FAIL : SUSPECT;
  return isTurned(glass) ? SUSPECT : 1;
}

function worst(...flags: QartodFlag[]): QartodFlag {
  return Math.max(...flags) as QartodFlag;
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
  elsewhere: 'view',
  unseen: 'view',
  murky: 'view',
  'too-dark': 'view',
};

/**
 * The flag of each test, of which `flagOf` is the worst. The learned distance by a model of another camera has no say. While a
 * person is asked what happened the view is suspect, and growth and loss are of the rest.
 */
export function testFlagsOf(job: Job): TestFlags {
  if (job.jobStatus === 'Failed') {
    const flag = flagOf(job);
    return { growth: flag, loss: flag, view: flag, gap: flag === 9 ? 9 : 1, learned: flag };
  }
  const flag = lensFlagOf(job);
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
    view: worst(named === 'view' ? flag : 1, viewFlagOf(job.glass)),
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
