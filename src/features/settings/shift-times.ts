import type { Camera } from '../../core/domain/camera/camera';
import { lastBreak } from '../../core/domain/camera/event';
import { compareJobs } from '../../core/domain/camera/job';
import { Shift } from '../../core/domain/camera/time/shift';
import { inForceAt, timelineOf } from '../../core/domain/camera/timeline';
import { referenceInZone } from '../../core/domain/camera/time/reference-times';
import type { CameraTime } from '../../core/domain/camera/time/zone';
import { loadEvents, loadReferences, loadSpansByHand } from '../../core/storage/cameras';
import { loadJobs } from '../../core/storage/jobs';
import { UNCHANGED } from '../../core/storage/judged-again';
import { saveTimeShift } from './save-time-shift';
import { loadUnjudged } from '../../core/storage/unjudged';
import { judgedBy, type Present } from '../../core/session/history/change-inputs';
import type { Sources } from '../../core/session/history/contents';
import { scoredBy } from '../../core/session/history/history';
import { WHOLE } from '../../core/session/history/judge-again';

/** The facts that decide which snapshots are judged together. */
type Course = Omit<Present, 'reference'>;

/**
 * Gives a camera another zone or offset. Its snapshots, references, records, views and spans by hand move with it, and
 * its history is judged again if a snapshot now has other facts before it, all or nothing. Events that were entered in
 * real time stay. Setting the earlier zone again restores each time, and the results of a history that is judged in
 * order.
 *
 * @throws AppError `disk-full` or `storage-failed`; then nothing was moved
 */
export async function shiftTimes(sources: Sources, before: Camera, to: CameraTime): Promise<void> {
  const { db } = sources;
  const [jobs, references, events, spans, unjudged] = await Promise.all([
    loadJobs(db, before.id),
    loadReferences(db, before.id),
    loadEvents(db, before.id),
    loadSpansByHand(db, before.id),
    loadUnjudged(db, before.id),
  ]);
  const shift = new Shift(jobs, before, to);
  const shifted = shift.camera(before);
  // A cycle's days are other ones by now: its references are chosen anew.
  const ofCycles = new Set(references.flatMap(({ id, beganAt }) => (beganAt === undefined ? [] : id)));
  const timeline = shifted.timeline?.filter(({ referenceId }) => !ofCycles.has(referenceId));
  const camera = { ...shifted, ...(timeline && { timeline }) };
  const moved = {
    camera,
    references: references.map((reference) => referenceInZone(reference, camera)),
    events: events.map((event) => shift.event(event)).sort((a, b) => a.at - b.at),
  };
  const now = { ...moved, jobs: jobs.map((job) => shift.job(job)).sort(compareJobs) };
  const reference = moved.references.find(({ id }) => id === camera.referenceId);
  const from = otherPlaces({ camera: before, references, events, jobs }, now);
  const again =
    reference && (await judgedBy(sources, { ...now, reference }, {}, ofCycles.size > 0 ? WHOLE : { from }));
  await saveTimeShift(db, {
    ...{ ...moved, jobs, shift },
    spans: spans.map((span) => shift.span(span)),
    unjudged: unjudged && shift.stretch(unjudged),
    again: again ?? UNCHANGED,
  });
}

/** Capture times of the snapshots that have another one before them by now, another break or another reference. */
function otherPlaces(before: Course, now: Course): readonly number[] {
  const known = placesIn(before);
  const jobs = new Map(now.jobs.map((job) => [job.id, job]));
  return [...placesIn(now)]
    .filter(([id, place]) => place !== known.get(id))
    .map(([id]) => jobs.get(id)!.capturedAt);
}

function placesIn(course: Course): ReadonlyMap<string, string> {
  const { camera, events, jobs } = course;
  const scored = scoredBy(camera.modelSha256, jobs);
  const timeline = timelineOf(course);
  return new Map(
    scored.map(({ id, capturedAt }, i) => {
      const since = lastBreak(events, capturedAt);
      const begun = events.find(({ at }) => at === since)?.id;
      const isKept = capturedAt >= (camera.horizon ?? -Infinity);
      return [id, JSON.stringify([scored[i - 1]?.id, begun, isKept, inForceAt(timeline, capturedAt)])];
    }),
  );
}
