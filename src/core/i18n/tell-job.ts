import { isOfNumbers } from '../domain/model/numbers';
import { saidOf, type WordedVerdict } from '../domain/camera/history-change';
import type { CompletedJob, Job } from '../domain/camera/job';
import { conclusionOf, isAwaiting, isSetAside } from '../domain/camera/verdict';
import { spokenOf } from '../domain/camera/spoken';
import { threeDigits } from './format';
import { verdictWords } from '../../words/verdict';
import { causeWord, verdictWordsOf } from './conclusion-words';
import { conclusionWords } from '../../words/conclusion';

/** The texts beside the mark of a scored job's verdict. */
interface Beside {
  /** the distance that the verdict rests on, or in a word or two why there is none */
  readonly text: string;
  /** whose distance it is; null if there is none, and where growth and loss were not looked at */
  readonly who: string | null;
  /** the same as a sentence, with the limits */
  readonly title: string | undefined;
}

/** The number beside a verdict mark: of the detector that spoke, never of one that has no say. */
export function besideOf(job: CompletedJob): Beside {
  const spoken = spokenOf(job);
  if (spoken) {
    const { speaker, distance, thresholds } = spoken;
    return {
      text: threeDigits(distance),
      who: job.glass ? conclusionWords.spoke[speaker] : null,
      title: job.glass ? conclusionWords.spoke.title({ who: speaker, distance, ...thresholds }) : undefined,
    };
  }
  const { windowFill, detector } = job;
  return {
    text: isSetAside(job) || isAwaiting(job) ? conclusionWords.words[conclusionOf(job).code] : filling(),
    who: null,
    title: undefined,
  };

  function filling() {
    // Growth may lack a window that the model has.
    return windowFill < detector.windowSize ? `${windowFill}/${detector.windowSize}` : verdictWordOf(job);
  }
}

export function verdictWordOf(job: Job): string {
  const said = saidOf(job);
  const isSensor = job.jobStatus === 'Completed' && isOfNumbers(job);
  return isSensor ? verdictWordsOf(job).words[said.verdict] : saidInWords(said);
}

export function saidInWords({ verdict, code }: WordedVerdict): string {
  if (code === null) return verdictWords.words[verdict];
  return causeWord(code, verdict === 'warning' || verdict === 'drift' ? verdict : 'normal');
}
