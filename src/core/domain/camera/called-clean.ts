import type { Camera } from './camera';
import { canRenew } from './cycle';
import { lastBreak, type CameraEvent } from './event';
import type { CompletedJob } from './job';
import { ENOUGH_CLEAN } from './reference-size';
import type { Reference } from './reference';
import { toUtc, toWall } from './time/zone';
import { isSetAside } from './verdict';

const DAY = 86_400_000;

/** A stretch that a person may call clean: the newest picture's day, the last three, or since the lens was known to be clean. */
export interface CleanChoice {
  readonly since: 'day' | 'days' | 'beginning';
  /** capture times of its beginning and of the newest picture */
  readonly at: number;
  readonly until: number;
  /** so many can become a reference */
  readonly pictures: number;
}

/** True if a camera learns a lens that a person calls clean. */
export function canCallClean(
  { renewsReference }: Pick<Camera, 'renewsReference'>,
  reference: Pick<Reference, 'embeddings' | 'properties'> | null,
): boolean {
  return renewsReference !== false && reference !== null && canRenew(reference);
}

/** @param jobs - of the camera's present model, in capture order. @returns the shortest first; none without a picture */
export function cleanChoices(
  camera: Camera,
  events: readonly CameraEvent[],
  jobs: readonly CompletedJob[],
): readonly CleanChoice[] {
  const [first, newest] = [jobs[0], jobs.at(-1)];
  if (!first || !newest) return [];
  const until = newest.capturedAt;
  const choiceOf = (since: CleanChoice['since'], at: number): CleanChoice => ({
    ...{ since, at, until },
    pictures: picturesBetween(jobs, at, until),
  });
  const beginning = Math.max(lastBreak(events, until) ?? first.capturedAt, camera.horizon ?? 0);
  const day = Math.floor(toWall(until, camera) / DAY);
  const days = (['day', 'days'] as const).map((since, i) =>
    choiceOf(since, toUtc((day - i * 2) * DAY, camera)),
  );
  return [...days.filter(({ at }) => at > beginning), choiceOf('beginning', beginning)];
}

/** The shortest that has enough pictures to be learned at once; else the newest picture's day. */
export function likelyChoice(choices: readonly CleanChoice[]): CleanChoice | undefined {
  return choices.find(({ pictures }) => pictures >= ENOUGH_CLEAN) ?? choices[0];
}

/** Number of pictures in a stretch that its reference may be made of. */
function picturesBetween(jobs: readonly CompletedJob[], at: number, until: number): number {
  return jobs.filter(
    (job) => job.capturedAt >= at && job.capturedAt <= until && job.properties !== null && !isSetAside(job),
  ).length;
}
