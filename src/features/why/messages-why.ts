import { conclusionOf, isAwaiting, isSetAside, type CompletedJob } from '../../core/domain/camera/job';
import { growthBeganAt, type Spoken } from '../../core/domain/camera/spoken';
import { causeOf, rowOf } from '../../core/session/history/verdict-now';
import { inLanguage } from '../../core/i18n/language';
import { explain, t } from '../../core/i18n/messages';
import type { Thresholds } from '../../core/domain/drift/thresholds';
import type { SecondOpinion } from './why';
import { fewDaysOf, hintOf, learnedOf, persistenceOf, saidBy, type Said } from './why-facts';
import en from '../../words/why.en.js';

const catalog = inLanguage('why', en);

export const w = {
  ...catalog,
  cause: causeSentence,
  /** of the distance that the verdict rests on, with why it is another than that distance alone would give */
  spoken: (job: CompletedJob, spoken: Spoken): readonly string[] =>
    sentencesOf(job, saidBy(job, spoken), job.glass ? spoken.speaker : ''),
  learned: {
    ...catalog.learned,
    sentences: learnedSentences,
  },
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
  opinion: {
    ...catalog.opinion,
    placed: {
      ...catalog.opinion.placed,
      // A finding says it.
      turned: null,
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

/** The sentence on the glass, or why nothing can be said; null where growth and loss were not looked at. */
function causeSentence(job: CompletedJob, until: readonly CompletedJob[]): string | null {
  const { glass } = job;
  if (isAwaiting(job)) return causeOf(job, conclusionOf(job), { began: null });
  if (!glass) return null;
  const conclusion = conclusionOf(job);
  const said = catalog.cause;
  switch (conclusion.code) {
    case 'elsewhere':
    case 'too-dark':
    case 'warming-up':
      return said[conclusion.code];
    case 'covered-or-elsewhere':
    case 'moved':
      return said[conclusion.code](rowOf(glass));
    default:
      return causeOf(job, conclusion, { began: growthBeganAt(until) });
  }
}

/** The learned distance's sentence, if the verdict does not rest on it, or there is nothing else. */
function learnedSentences(job: CompletedJob): readonly string[] {
  const { distance, windowFill, detector, blindness } = job;
  if (blindness) return [explain('detector-blind', blindness)];
  if (distance !== null) return sentencesOf(job, learnedOf(job), job.glass ? 'learned' : '');
  if (isSetAside(job)) return [catalog.learned.aside];
  return [catalog.distance.filling({ count: windowFill, windowSize: detector.windowSize })];
}

function sentencesOf(job: CompletedJob, said: Said, who: Spoken['speaker'] | ''): readonly string[] {
  const persistence = persistenceSentence(job, said);
  const sentences = said.distance === null ? [] : [distanceSentence(said.distance, said.thresholds, who)];
  return persistence === null ? sentences : [...sentences, persistence];
}

function distanceSentence(
  distance: number,
  { warning, drift }: Thresholds,
  who: Spoken['speaker'] | '',
): string {
  const said = catalog.distance;
  if (distance > drift) {
    return said.aboveDrift({ who, distance, drift, hasTimes: drift > 0, times: distance / drift });
  }
  if (distance > warning) {
    return said.aboveWarning({
      who,
      distance,
      warning,
      drift,
      hasTimes: warning > 0,
      times: distance / warning,
      ofDrift: distance / drift,
    });
  }
  return said.below({
    who,
    distance,
    warning,
    hasShare: warning > 0 && distance > 0,
    share: distance / warning,
  });
}

function persistenceSentence(job: CompletedJob, said: Said): string | null {
  const facts = persistenceOf(job, said);
  if (!facts) return null;
  const { words } = t.verdict;
  const alone = words[facts.alone];
  return facts.kind === 'pending'
    ? catalog.persistence.pending({ ...facts, alone })
    : catalog.persistence.held({ ...facts, alone, status: words[facts.status] });
}
