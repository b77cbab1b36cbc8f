import type { Camera } from '../../domain/camera/camera';
import type { Job } from '../../domain/camera/job';
import { compareReferences } from '../../domain/camera/reference';
import { clockFacts } from '../../domain/camera/time/clock';
import { reachesAnswers } from '../../domain/camera/stream';
import { scenesMoved } from '../../domain/camera/time/shift';
import { inRightTime } from '../../domain/camera/time/clock-stand';
import { saveInputs, type Inputs } from '../../storage/inputs';
import type { JudgedAgain } from '../../storage/judged-again';
import type { Sources } from './contents';
import { judgeAgain, WHOLE, type Change } from './judge-again';
import type { WatchedCamera } from './window';

/** The chosen camera and its history, as they are now. */
export interface Present extends WatchedCamera {
  /** all that are stored, in capture order */
  readonly jobs: readonly Job[];
}

/**
 * Changes the inputs that judge a camera, and its history with them: all or nothing.
 *
 * @param from - capture times that the change reaches; all of the history where they are left out
 * @returns what it has made of the history
 * @throws AppError `disk-full` or `storage-failed`; then nothing was changed
 */
export async function changeInputs(
  sources: Sources,
  present: Present,
  inputs: Inputs,
  from?: readonly number[],
): Promise<JudgedAgain> {
  const { events = [], gone = [] } = inputs;
  const touched = [...events, ...present.events.filter(({ id }) => gone.includes(id))];
  // Nothing says before the end of the history that all stands.
  const until = reachesAnswers(touched, [...present.events, ...events]) && { until: Infinity };
  const again = await judgedBy(sources, present, inputs, from && { from, ...until });
  await saveInputs(sources.db, inputs, again);
  return again;
}

/** A person’s word on a camera’s times, beside its zone. */
export type TimeCorrections = Pick<Camera, 'clockCorrections' | 'fileDatesUntil'>;

/**
 * Gives a camera other corrections of its clock, or another word on the dates of files. Changes in the scene go with the pictures that they began with.
 *
 * @throws AppError `disk-full` or `storage-failed`; then nothing was changed
 */
export async function changeClock(sources: Sources, present: Present, said: TimeCorrections): Promise<void> {
  const camera = { ...present.camera, ...said };
  const right = inRightTime(present.jobs, camera, clockFacts(camera, present.reference, sources.now()));
  const events = scenesMoved(present.events, present.jobs, [...right.jobs, ...right.others.values()]);
  await changeInputs(sources, present, { camera, events }, []);
}

/** Judges a history by other inputs; nothing is stored. */
export async function judgedBy(
  sources: Sources,
  present: Present,
  inputs: Inputs = {},
  change: Omit<Change, 'jobs' | 'fresh'> = WHOLE,
): Promise<JudgedAgain> {
  const watched = withInputs(present, inputs);
  const { camera, reference } = watched;
  const clock = inRightTime(present.jobs, camera, clockFacts(camera, reference, sources.now()));
  const from = [...(change.from ?? []), ...clock.from];
  const again = await judgeAgain(sources, watched, { ...change, ...clock, from });
  return { ...again, judged: new Map([...clock.others, ...again.judged]) };
}

/** The camera, reference and events that a change leaves. */
export function withInputs(
  present: WatchedCamera,
  { camera, references: more = [], events = [], gone = [] }: Inputs,
): WatchedCamera {
  const using = camera ?? present.camera;
  const changed = new Set([...gone, ...events.map(({ id }) => id)]);
  const given = new Set(more.map(({ id }) => id));
  const others = present.references.filter(({ id }) => !given.has(id));
  const references = more.length > 0 ? [...others, ...more].sort(compareReferences) : present.references;
  return {
    camera: using,
    references,
    reference: references.find(({ id }) => id === using.referenceId) ?? present.reference,
    events: [...present.events.filter(({ id }) => !changed.has(id)), ...events].sort((a, b) => a.at - b.at),
  };
}
