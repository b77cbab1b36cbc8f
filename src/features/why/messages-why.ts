import type { Calibration } from '../../core/domain/drift/calibration';
import { AppError } from '../../core/domain/errors';
import type { CompletedJob } from '../../core/domain/camera/job';
import type { Finding } from '../../core/domain/picture/second-opinion';
import { inLanguage } from '../../core/i18n/language';
import { explain, t } from '../../core/i18n/messages';
import type { SecondOpinion } from './why';
import { fewDaysOf, hintOf, limitsOf, persistenceOf } from './why-facts';
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
  limits: limitsSentence,
  window: {
    ...catalog.window,
    share: (share: number) => catalog.window.share({ share, isPositive: share > 0 }),
  },
  picture: {
    ...catalog.picture,
    cleanAlt: (name: string) => catalog.picture.cleanAlt({ name, hasName: name !== '' }),
    nearest: (name: string, at: number | null, distance: number, sigma: number) =>
      catalog.picture.nearest({
        name,
        hasName: name !== '',
        at: at ?? 0,
        hasAt: at !== null,
        sigmas: distance / sigma,
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
    finding: findingSentence,
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

function limitsSentence(job: CompletedJob, calibrations: readonly Calibration[]): string {
  const origin = limitsOf(job, calibrations);
  const said = catalog.limits;
  switch (origin.kind) {
    case 'imported':
      return said.imported({ origin: t.verdict.imported(origin.evidence) });
    case 'calibrated': {
      const { windows, days } = origin.evidence;
      return said.calibrated({ windows, days, version: origin.version });
    }
    case 'replayed':
      return said.replayed({ version: origin.version });
    default:
      return said[origin.kind];
  }
}

function findingSentence(finding: Finding): string {
  const said = catalog.opinion.finding;
  switch (finding.kind) {
    case 'frozen':
      return said.frozen(finding);
    case 'other-camera': {
      if (finding.because === 'name') return said.otherName(finding);
      const { got, usual } = finding;
      return said.otherSize({ ...got, usualWidth: usual.width, usualHeight: usual.height });
    }
    case 'moved':
      return said.moved({ ways: ways(finding.right, finding.down) });
    default: {
      const { kind, value, usual } = finding;
      return said.compared({ comparison: catalog.opinion.comparisons[kind], value, usual });
    }
  }
}

function ways(right: number, down: number): readonly string[] {
  const said = catalog.opinion.ways;
  const parts = [
    [right, said.right, said.left],
    [down, said.down, said.up],
  ] as const;
  return parts
    .filter(([share]) => Math.abs(share) >= 0.005)
    .map(([share, positive, negative]) => (share > 0 ? positive : negative)({ share: Math.abs(share) }));
}
