import type { CompletedJob } from '../domain/camera/job';
import { verdictOf } from '../domain/camera/verdict';
import { toWall, type CameraTime } from '../domain/camera/time/zone';
import type { QuestionAnswer } from '../domain/glass/scene-answer';
import { isOfView, type QuestionKind } from '../domain/glass/stand';
import { conclusionWords } from '../../words/conclusion';
import { questionWords } from '../../words/question';

const HALF_HOUR = 1_800_000;
const DAY = 86_400_000;

/** A question, as it is worded. */
interface Asked {
  readonly kind: QuestionKind;
  readonly since: number;
  readonly change: object | null;
  readonly isAlone: boolean;
  readonly latest: CompletedJob;
  readonly newView: keyof typeof questionWords.newView;
}

/** Asks what happened, or says where the camera looks, in its local time: nobody knows the minute. */
export function questionHeadline(question: Pick<Asked, 'since' | 'kind'>, camera: CameraTime): string {
  const at = HALF_HOUR * Math.round(toWall(question.since, camera) / HALF_HOUR);
  return isOfView(question)
    ? questionWords.view.headline[question.kind]({ at })
    : questionWords.headline({ at });
}

/** The same in two or three words. */
export function questionShort(question: Pick<Asked, 'kind'>): string {
  return isOfView(question) ? conclusionWords.headlines[question.kind] : questionWords.short;
}

/** Says what a question is about, and what is known of the lens. */
export function questionSentence(question: Pick<Asked, 'kind' | 'change' | 'latest'>): string {
  const { kind, change, latest } = question;
  const sentence = questionWords.kinds[kind === 'turned' && change ? 'both' : kind];
  const word = verdictOf(latest);
  const isKnown = isOfView(question) && (word === 'normal' || word === 'warning' || word === 'drift');
  return isKnown ? `${sentence} ${questionWords.view.lens({ at: latest.capturedAt, word })}` : sentence;
}

/** Names a picture of before or after: its local time, with the day where that is another one. */
export function questionTag(
  side: 'before' | 'after',
  capturedAt: number,
  { since }: { readonly since: number },
  camera: CameraTime,
): string {
  const at = toWall(capturedAt, camera);
  const isSameDay = Math.floor(at / DAY) === Math.floor(toWall(since, camera) / DAY);
  return questionWords[isSameDay ? side : (`${side}On` as const)]({ at });
}

/** An answer, as its button says it. */
export function answerWords(answer: QuestionAnswer, question: Pick<Asked, 'kind'>): string {
  return (isOfView(question) ? questionWords.view : questionWords).answers[answer];
}

/** Says what an answer does. */
export function answerMeaning(answer: QuestionAnswer, question: Pick<Asked, 'kind' | 'newView'>): string {
  if (answer === 'in-scene') return questionWords.newView[question.newView];
  return (isOfView(question) ? questionWords.view : questionWords).means[answer];
}

/** The note beside the answers: a question of the lens is no alarm, that of the view is one. */
export function answerNote(question: Pick<Asked, 'kind' | 'isAlone'>): string {
  const isNone = question.isAlone && !isOfView(question);
  return isNone ? `${questionWords.noAlarm} ${questionWords.canUndo}` : questionWords.canUndo;
}
