import { AppError } from '../../core/domain/errors';
import type { CompletedJob } from '../../core/domain/camera/job';
import { inLanguage } from '../../core/i18n/language';
import { explain, t } from '../../core/i18n/messages';
import type { SecondOpinion } from './why';
import { fewDaysOf, hintOf, persistenceOf } from './why-facts';
import en from '../../words/why.en.js';

const catalog = inLanguage('why', en);

/** Every sentence of the card that explains a job, in the language of the page. */
export const w = {
  ...catalog,
  failed: (error: unknown) =>
    error instanceof AppError
      ? explain(error.code, error.detail)
      : explain('unexpected', error instanceof Error ? error.message : ''),
  distance: distanceSentence,
  persistence: persistenceSentence,
  window: {
    ...catalog.window,
    lead: (count: number, clean: number | null) =>
      catalog.window.lead({ count, hasFamiliarity: clean !== null, clean: clean ?? 0 }),
    open: (name: string, share: number, familiarity: number | null) =>
      catalog.window.open({
        name,
        share,
        hasFamiliarity: familiarity !== null,
        familiarity: familiarity ?? 0,
      }),
    share: (share: number) => catalog.window.share({ share, isPositive: share > 0 }),
  },
  picture: {
    ...catalog.picture,
    cleanAlt: (name: string) => catalog.picture.cleanAlt({ name, hasName: name !== '' }),
    nearest: (name: string, at: number | null, distance: number, sigma: number | null) =>
      catalog.picture.nearest({
        name,
        hasName: name !== '',
        at: at ?? 0,
        hasAt: at !== null,
        hasSigma: sigma !== null,
        sigmas: sigma === null ? 0 : distance / sigma,
      }),
  },
  map: {
    ...catalog.map,
    error: (error: number, usual: number | null) =>
      catalog.map.error({
        error,
        hasUsual: usual !== null,
        usual: usual ?? 0,
        times: usual === null ? 0 : error / usual,
      }),
  },
  opinion: {
    ...catalog.opinion,
    placed: {
      ...catalog.opinion.placed,
      // A finding says it.
      moved: null,
    },
    hint: (job: CompletedJob, opinion: SecondOpinion): string | null => {
      const hint = hintOf(job, opinion);
      return hint && catalog.opinion.hint[hint];
    },
    hedge: (opinion: SecondOpinion): string | null => {
      const days = fewDaysOf(opinion);
      return days === null ? null : catalog.opinion.hedge({ days });
    },
  },
};

function distanceSentence({ distance, thresholds, windowFill, detector, blindness }: CompletedJob): string {
  if (blindness) return explain('detector-blind', blindness);
  const said = catalog.distance;
  const { warning, drift } = thresholds;
  if (distance === null) return said.filling({ count: windowFill, windowSize: detector.windowSize });
  if (distance > drift) {
    return said.aboveDrift({ distance, drift, hasTimes: drift > 0, times: distance / drift });
  }
  if (distance > warning) {
    return said.aboveWarning({
      distance,
      warning,
      drift,
      hasTimes: warning > 0,
      times: distance / warning,
      ofDrift: distance / drift,
    });
  }
  return said.below({
    distance,
    warning,
    hasShare: warning > 0 && distance > 0,
    share: distance / warning,
  });
}

function persistenceSentence(job: CompletedJob): string | null {
  const facts = persistenceOf(job);
  if (!facts) return null;
  const { words } = t.verdict;
  const alone = words[facts.alone];
  return facts.kind === 'pending'
    ? catalog.persistence.pending({ ...facts, alone })
    : catalog.persistence.held({ ...facts, alone, status: words[facts.status] });
}
