import type { CompletedJob } from '../../core/domain/camera/job';
import { conclusionOf, isAwaiting } from '../../core/domain/camera/verdict';
import type { CameraEvent } from '../../core/domain/camera/event';
import type { SpokenDistance } from '../../core/domain/camera/spoken';
import { standingOnset } from '../../core/domain/usable/onset';
import type { Thresholds } from '../../core/domain/drift/thresholds';
import { verdictWords } from '../../words/verdict';
import { explain } from '../../core/i18n/failures';
import { causeOf, notCleanBefore, rowOf } from '../../core/session/history/verdict-now';
import { whyWords } from '../../words/why';
import { learnedOf, persistenceOf, saidBy, type JudgedDistance } from './why-facts';

/** The sentence on the glass, or why nothing can be said; null where growth and loss were not looked at. */
export function causeSentence(
  job: CompletedJob,
  until: readonly CompletedJob[],
  events: readonly CameraEvent[],
): string | null {
  const { glass } = job;
  if (isAwaiting(job)) return causeOf(job, conclusionOf(job), { began: null });
  if (!glass) return null;
  const conclusion = conclusionOf(job);
  const said = whyWords.cause;
  switch (conclusion.code) {
    case 'elsewhere':
    case 'too-dark':
    case 'warming-up':
      return said[conclusion.code];
    case 'covered-or-elsewhere':
      return said[conclusion.code](rowOf(glass));
    case 'moved':
      return said[conclusion.code](rowOf(glass)) + notCleanBefore(glass);
    default:
      return causeOf(job, conclusion, { began: standingOnset(until, events)?.at ?? null });
  }
}

/** Of the distance that the verdict rests on, with why it is another than that distance alone would give. */
export function spokenSentences(job: CompletedJob, spoken: SpokenDistance): readonly string[] {
  return sentencesOf(job, saidBy(job, spoken), job.glass ? spoken.speaker : '');
}

/** The learned distance's sentence, if the verdict does not rest on it, or there is nothing else. */
export function learnedSentences(job: CompletedJob): readonly string[] {
  const { distance, windowFill, detector, blindness } = job;
  if (blindness) return [explain('detector-blind', blindness)];
  if (distance !== null) return sentencesOf(job, learnedOf(job), job.glass ? 'learned' : '');
  return [whyWords.distance.filling({ count: windowFill, windowSize: detector.windowSize })];
}

function sentencesOf(
  job: CompletedJob,
  said: JudgedDistance,
  who: SpokenDistance['speaker'] | '',
): readonly string[] {
  const persistence = persistenceSentence(job, said);
  const sentences = said.distance === null ? [] : [distanceSentence(said.distance, said.thresholds, who)];
  return persistence === null ? sentences : [...sentences, persistence];
}

function distanceSentence(
  distance: number,
  { warning, drift }: Thresholds,
  speaker: SpokenDistance['speaker'] | '',
): string {
  const said = whyWords.distance;
  const who = said.who({ who: speaker });
  if (distance > drift) {
    return said.aboveDrift({ who, distance, drift, times: shareOf(distance, drift) });
  }
  if (distance > warning) {
    return said.aboveWarning({
      who,
      distance,
      warning,
      drift,
      times: shareOf(distance, warning),
      ofDrift: distance / drift,
    });
  }
  return said.below({ who, distance, warning, share: distance > 0 ? shareOf(distance, warning) : null });
}

/** How many times a limit it is; null where the limit is not above 0, so that this says nothing. */
function shareOf(distance: number, limit: number): number | null {
  return limit > 0 ? distance / limit : null;
}

function persistenceSentence(job: CompletedJob, said: JudgedDistance): string | null {
  const facts = persistenceOf(job, said);
  if (!facts) return null;
  const { words } = verdictWords;
  const alone = words[facts.alone];
  return facts.kind === 'pending'
    ? whyWords.persistence.pending({ ...facts, alone })
    : whyWords.persistence.held({ ...facts, alone, status: words[facts.status] });
}
