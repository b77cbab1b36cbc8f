import type { FieldRecord } from '../../../core/domain/camera/records/record-fields';
import type { Job } from '../../../core/domain/camera/job';
import type { ThumbnailAddresses } from '../../../core/session/pictures/thumbnail-addresses';

/** A picture on this device that belongs to a record. */
export interface LocalSnapshot {
  /** an address for an `<img>` */
  readonly url: string;
  /** `same-name`: the record does not say which snapshot it is, and another of that name may be another picture */
  readonly how: 'same-job' | 'same-name';
}

/**
 * The picture of the snapshot that a record was made from, when this device has it.
 *
 * @param jobs - those of the chosen camera
 */
export async function localSnapshot(
  { parameters }: FieldRecord,
  { jobs, thumbnails }: { jobs: readonly Job[]; thumbnails: ThumbnailAddresses },
): Promise<LocalSnapshot | null> {
  const { result_id: jobId, image_name: imageName } = parameters;
  const own = typeof jobId === 'string' ? await thumbnails.address(jobId) : null;
  if (own !== null) return { url: own, how: 'same-job' };
  const namesake = jobs.findLast((job) => job.jobStatus === 'Completed' && job.imageName === imageName);
  const url = namesake ? await thumbnails.address(namesake.id) : null;
  return url === null ? null : { url, how: 'same-name' };
}
