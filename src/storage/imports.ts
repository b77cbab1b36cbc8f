import type { Calibration } from '../domain/calibration';
import type { Delivery, Destination } from '../domain/delivery';
import type { Embedding } from '../domain/embedding';
import type { Camera, CameraEvent, Job, Reference } from '../domain/job';
import { referenceThumbnailKey } from './cameras';
import { allOrNothing, type Database } from './database';

/** A job from elsewhere, with what was computed for it there. */
interface ImportedJob {
  readonly job: Job;
  readonly embedding: Embedding | null;
  readonly thumbnail: ArrayBuffer | null;
  /** of each experiment that it was sent to */
  readonly deliveries: readonly Delivery[];
}

/**
 * Adds jobs from elsewhere in one transaction; those whose id is here stay as they are, so that it can be repeated, and
 * so does a record of theirs: it may be on its way back from where it was sent.
 *
 * @returns the ids of those that were added
 * @throws AppError `disk-full` or `storage-failed`; then none was
 */
export async function importJobs(db: Database, jobs: readonly ImportedJob[]): Promise<ReadonlySet<string>> {
  const stores = ['jobs', 'embeddings', 'thumbnails', 'deliveries'] as const;
  const tx = db.transaction(stores, 'readwrite', { durability: 'relaxed' });
  const added = new Set<string>();
  const add = async ({ job, embedding, thumbnail, deliveries }: ImportedJob) => {
    if ((await tx.objectStore('jobs').getKey(job.id)) !== undefined) return;
    await tx.objectStore('jobs').add(job);
    if (embedding) await tx.objectStore('embeddings').put(embedding, job.id);
    if (thumbnail) await tx.objectStore('thumbnails').put(thumbnail, job.id);
    for (const delivery of deliveries) {
      const known = await tx.objectStore('deliveries').getKey([delivery.lane, delivery.jobId]);
      if (known === undefined) await tx.objectStore('deliveries').add(delivery);
    }
    added.add(job.id);
  };
  await allOrNothing(
    tx,
    jobs.map((job) => () => add(job)),
  );
  return added;
}

/** A camera from elsewhere without its jobs. */
interface ImportedCamera {
  readonly camera: Camera;
  readonly destination: Destination | null;
  readonly references: readonly {
    readonly reference: Reference;
    readonly pictures: readonly (ArrayBuffer | null)[];
  }[];
  readonly events: readonly CameraEvent[];
  readonly calibrations: readonly Calibration[];
}

/**
 * Adds a camera from elsewhere in one transaction, and of one that is here what it lacks. Its settings, and where its
 * results go, stay as they are here.
 *
 * @throws AppError `disk-full` or `storage-failed`; then nothing was added
 */
export async function importCamera(db: Database, imported: ImportedCamera): Promise<void> {
  const stores = ['cameras', 'references', 'thumbnails', 'events', 'calibrations', 'destinations'] as const;
  const tx = db.transaction(stores, 'readwrite');
  const add = async () => {
    const { camera, destination, references, events, calibrations } = imported;
    const isNew = (await tx.objectStore('cameras').getKey(camera.id)) === undefined;
    for (const { reference, pictures } of references) {
      if ((await tx.objectStore('references').getKey(reference.id)) !== undefined) continue;
      await tx.objectStore('references').add(reference);
      for (const [i, picture] of pictures.entries()) {
        if (!picture) continue;
        await tx.objectStore('thumbnails').put(picture, referenceThumbnailKey(reference.id, i));
      }
    }
    for (const event of events) {
      if ((await tx.objectStore('events').getKey(event.id)) === undefined)
        await tx.objectStore('events').add(event);
    }
    for (const calibration of calibrations) {
      const known = await tx.objectStore('calibrations').getKey(calibration.id);
      if (known === undefined) await tx.objectStore('calibrations').add(calibration);
    }
    if (!isNew) return;
    await tx.objectStore('cameras').add(camera);
    if (destination) await tx.objectStore('destinations').put(destination);
  };
  await allOrNothing(tx, [add]);
}
