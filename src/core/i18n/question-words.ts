import { toWall, type CameraTime } from '../domain/camera/time/zone';
import { questionWords } from '../../words/question';

const HALF_HOUR = 1_800_000;
const DAY = 86_400_000;

/** Asks what happened, in the camera's local time: nobody knows the minute. */
export function questionHeadline({ since }: { readonly since: number }, camera: CameraTime): string {
  const at = HALF_HOUR * Math.round(toWall(since, camera) / HALF_HOUR);
  return questionWords.headline({ at });
}

/** Says what a question is about. @param change - the place that changed; null where none did */
export function questionSentence({
  kind,
  change,
}: {
  readonly kind: Exclude<keyof typeof questionWords.kinds, 'both'>;
  readonly change: object | null;
}): string {
  return questionWords.kinds[kind === 'turned' && change ? 'both' : kind];
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

/** Says what an answer does. @param newView - how a new clean view begins if camera or scene has changed */
export function answerMeaning(
  answer: keyof typeof questionWords.answers,
  { newView }: { readonly newView: keyof typeof questionWords.newView },
): string {
  return answer === 'in-scene' ? questionWords.newView[newView] : questionWords.means[answer];
}
