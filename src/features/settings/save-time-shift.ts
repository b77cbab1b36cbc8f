import type { Camera } from '../../core/domain/camera/camera';
import type { CameraEvent } from '../../core/domain/camera/event';
import type { Job } from '../../core/domain/camera/job';
import type { Reference } from '../../core/domain/camera/reference';
import type { Shift } from '../../core/domain/camera/time/shift';
import type { SpanByHand } from '../../core/domain/usable/span';
import { allOrNothing, type Database } from '../../core/storage/database';
import { markJudgedAnew } from '../../core/storage/judged-anew';
import { JUDGED_STORES, judgedWrites, type JudgedAgain } from '../../core/storage/judged-again';
import { noteUnjudged } from '../../core/storage/unjudged';
import type { UnjudgedStretch } from '../../core/storage/schema';

/** A camera with another zone or offset, and its rows by that. */
export interface TimeShift {
  readonly camera: Camera;
  readonly shift: Shift;
  readonly references: readonly Reference[];
  readonly events: readonly CameraEvent[];
  readonly spans: readonly SpanByHand[];
  readonly unjudged: UnjudgedStretch | null;
  /** the stored jobs */
  readonly jobs: readonly Job[];
  /** the history by other breaks, or in another order */
  readonly again: JudgedAgain;
}

/**
 * Moves the times of a camera that rest on its zone and offset: all or nothing. Jobs that say the same are not written.
 *
 * @throws AppError `disk-full` or `storage-failed`; then nothing was moved
 */
export async function saveTimeShift(
  db: Database,
  { camera, shift, references, events, spans, unjudged, jobs, again }: TimeShift,
): Promise<void> {
  const stores = ['cameras', 'references', 'events', 'spansByHand', 'deliveries', ...JUDGED_STORES] as const;
  const tx = db.transaction(stores, 'readwrite');
  const moves = new Map(
    jobs.flatMap((job) => {
      const now = again.judged.get(job.id) ?? shift.job(job);
      return now === job ? [] : [[job.id, { from: job.capturedAt, to: now.capturedAt }] as const];
    }),
  );
  const moveJob = async (id: Job['id']) => {
    const job = await tx.objectStore('jobs').get(id);
    if (job) await tx.objectStore('jobs').put(shift.job(job));
  };
  const moveDeliveries = async () => {
    let cursor = await tx.objectStore('deliveries').index('cameraId').openCursor(camera.id);
    while (cursor) {
      const move = moves.get(cursor.value.jobId);
      if (move?.from === cursor.value.capturedAt) {
        await cursor.update({ ...cursor.value, capturedAt: move.to });
      }
      cursor = await cursor.continue();
    }
  };
  await allOrNothing(tx, [
    () => tx.objectStore('cameras').put(camera),
    ...references.map((reference) => () => tx.objectStore('references').put(reference)),
    ...events.map((event) => () => tx.objectStore('events').put(event)),
    ...spans.map((span) => () => tx.objectStore('spansByHand').put(span)),
    ...(unjudged ? [() => noteUnjudged(tx.objectStore('settings'), camera.id, unjudged)] : []),
    ...[...moves.keys()].filter((id) => !again.judged.has(id)).map((id) => () => moveJob(id)),
    ...judgedWrites((name) => tx.objectStore(name), again),
    moveDeliveries,
    ...(moves.size > 0
      ? [() => markJudgedAnew(tx.objectStore('settings'), tx.objectStore('destinations'), camera.id)]
      : []),
  ]);
}
