import type { Blindness } from '../domain/drift/detectors/detector';
import type { CalibrationEvidence } from '../domain/drift/judging';
import type { Detail } from '../domain/detail';
import { AppError, type ErrorCode } from '../domain/errors';
import type { CompletedJob } from '../domain/camera/job';
import { lowerLineOf, NO_PERSISTENCE } from '../domain/drift/persistence';
import type { DriftStatus } from '../domain/drift/thresholds';
import { sayDetail } from './details';
import { listedShort } from './wording';
import en from '../../words/app.en.js';
import type { Words } from '../../words/words';

type AppWords = Words['app'];
type Messages = ReturnType<typeof compose>;

/** Facts of a verdict. Its distance may be beyond a limit that its verdict does not name, while an alarm persists. */
type ScoredJob = Pick<CompletedJob, 'thresholds' | 'persistence'> & { readonly distance: number };

const english = compose(en);

export let t: Messages = english;

/** Puts another language in force: once, before the page is drawn. */
export function speak(words: AppWords): void {
  t = compose(words);
}

/** Other programs read English, in whatever language the page is. */
export const inEnglish = english;

export function explain(code: ErrorCode, detail: Detail): string {
  return failureSentence(t, code, sayDetail(detail));
}

/** The same for whatever was thrown: what is no failure of ours is unexpected, with its own words as the detail. */
export function explainError(error: unknown): string {
  if (error instanceof AppError) return explain(error.code, error.detail);
  return explain('unexpected', error instanceof Error ? error.message : '');
}

/** The same for a part of the page that could not be loaded. @param name - what a person would call the part */
export function explainLoading(error: unknown, name: string): string {
  return error instanceof AppError ? explainError(error) : explain('fetch-failed', name);
}

/** As `explain`, in any language, for a stored code that this page may not know. @param detail - in that language */
export function failureSentence(
  { errors, blindness }: Pick<AppWords, 'errors' | 'blindness'>,
  code: ErrorCode,
  detail: string,
): string {
  const sentence = errors[Object.hasOwn(errors, code) ? code : 'unexpected'];
  if (typeof sentence === 'string') return sentence;
  const isBlindness = code === 'detector-blind' && Object.hasOwn(blindness, detail);
  const said = isBlindness ? blindness[detail as Blindness] : detail.replace(/(?<!\.)\.$/, '');
  return sentence({ detail: said, hasDetail: said !== '' });
}

function compose(words: AppWords) {
  const { app, verdict, progress } = words;
  return {
    ...words,
    app: {
      ...app,
      left: { ...app.left, some: (count: number, waiting: number) => app.left.some({ count, waiting }) },
      ignored: (names: readonly string[]) => app.ignored({ count: names.length, names: short(names) }),
      unreadable: (names: readonly string[]) => app.unreadable({ count: names.length, names: short(names) }),
    },
    verdict: {
      ...verdict,
      sentence: (status: DriftStatus, job: ScoredJob, count: number) =>
        verdictSentence(words, status, job, count),
      early: (count: number, distance: number, drift: number) =>
        verdict.early({ count, distance, isAbove: distance > drift, drift }),
      calibrated: (version: number, { days, heldOutDays, heldOutEvents }: CalibrationEvidence) =>
        verdict.calibrated({
          version,
          days,
          hasHeldOut: heldOutDays !== null,
          heldOutDays: heldOutDays ?? 0,
          heldOutEvents: heldOutEvents ?? 0,
        }),
      ring: (status: string, distance: string | null) =>
        verdict.ring({ status, hasDistance: distance !== null, distance: distance ?? '' }),
    },
    progress: {
      ...progress,
      rate: (perSecond: number) => progress.rate({ rate: perSecond.toFixed(perSecond < 10 ? 1 : 0) }),
      left: (seconds: number) => progress.left({ time: seconds * 1000 }),
    },
  };

  function short(names: readonly string[]): string {
    return listedShort(names, (shown, count) => app.more({ names: shown, count }));
  }
}

function verdictSentence({ verdict }: AppWords, status: DriftStatus, job: ScoredJob, count: number): string {
  const { distance, thresholds, persistence = NO_PERSISTENCE } = job;
  const { warning, drift } = thresholds;
  const { raiseAfter, clearAfter } = persistence;
  const { aboveDrift, aboveWarning, below, pending, held } = verdict.sentences;
  const value = (of: 'drift' | 'warning') => ({ distance, of, value: thresholds[of] });
  const line = (of: 'drift' | 'warning') => lowerLineOf(thresholds[of], persistence);
  switch (status) {
    case 'drift':
      return distance > drift
        ? aboveDrift({ distance, times: distance / drift, drift, count })
        : held({ ...value('drift'), clearAfter, line: line('drift') });
    case 'warning':
      if (distance > drift) return pending({ ...value('drift'), raiseAfter });
      return distance > warning
        ? aboveWarning({ distance, warning, drift, count })
        : held({ ...value('warning'), clearAfter, line: line('warning') });
    default:
      return distance > warning
        ? pending({ ...value(distance > drift ? 'drift' : 'warning'), raiseAfter })
        : below({ distance, warning, count });
  }
}
