import type { Camera } from '../../domain/camera/camera';
import { lastBreak, type CameraEvent } from '../../domain/camera/event';
import type { CompletedJob, Job } from '../../domain/camera/job';
import { judgingReference, type Reference } from '../../domain/camera/reference';
import { standingAnswers } from '../../domain/camera/stream';
import { isByGrowth } from '../../domain/camera/verdict';
import { placeOf, windowBehind } from '../../domain/camera/window';
import { cellGrid } from '../../domain/glass/cells';
import { coverOf, GROWTH_CELL } from '../../domain/glass/growth';
import { patchesOf } from '../../domain/glass/outline';
import { heldAt } from '../../domain/glass/scene-change';
import { cameraLimits, type CameraLimit } from '../../domain/glass/limits';
import { medians } from '../../domain/glass/order';
import type { Size } from '../../domain/model/model';
import { loadReferences } from '../../storage/cameras';
import type { CameraOverview } from '../camera-overview';
import { Contents, type Sources } from '../history/contents';
import { isAlarm } from '../history/verdict-now';
import type { Session } from '../session.svelte';

/** Which part of the glass is covered at a job, cell by cell. */
export interface Cover {
  readonly grid: Size;
  /** side of a cell as a share of the picture's width and height */
  readonly cell: { readonly width: number; readonly height: number };
  /** one value per cell, row by row: the window's median, 0 to 3; NaN if it is not seen */
  readonly excess: Float32Array;
  readonly isGrown: readonly boolean[];
  /** those that are drawn on a picture: grown, and in a patch that a person can see */
  readonly isDrawn: readonly boolean[];
  /** share of the glass, as stored with the job */
  readonly share: number;
  /** places left out as not on the glass */
  readonly offGlass: readonly number[];
  /** these, and changes in the scene */
  readonly masked: readonly number[];
  /** number of `offGlass` that were taken for captions, and not by a person */
  readonly captions: number;
  readonly limits: readonly CameraLimit[];
}

/** Cells of the smallest patch of growth that is drawn. */
const LEAST_PATCH = 3;

/** A camera, and the jobs that a window of it is made of, in capture order. */
interface CoverWindow {
  readonly camera: Camera | null;
  readonly events: readonly CameraEvent[];
  readonly references: readonly Reference[];
  readonly jobs: readonly Job[];
}

/** @returns null if the job's reference has no fit, or its window has no sights */
export async function coverAt(
  { cameras, history, sources }: Pick<Session, 'cameras' | 'history' | 'sources'>,
  job: CompletedJob,
): Promise<Cover | null> {
  const { chosen: camera, events, references } = cameras;
  return coverOn(sources, { camera, events, references, jobs: history.jobs }, job);
}

/** The covered glass that an alarm by growth is about; null without one, for a picture of another view, and as above. @throws AppError `storage-failed` */
export async function coverNow(
  sources: Sources,
  { camera, now, course, events }: CameraOverview,
): Promise<Cover | null> {
  const { latest } = now;
  if (!latest || latest.glass?.view.isAside || !isAlarm(now) || !isByGrowth(latest)) return null;
  const references = await loadReferences(sources.db, camera.id);
  return coverOn(sources, { camera, events, references, jobs: course }, latest);
}

async function coverOn(
  sources: Sources,
  { camera, events, references, jobs }: CoverWindow,
  job: CompletedJob,
): Promise<Cover | null> {
  const reference = judgingReference(job, references);
  const contents = new Contents(sources);
  const fit = reference && (await contents.fitOf(reference.id));
  if (!fit || !job.glass) return null;
  const window = windowBehind(jobs, placeOf(job, jobs), events).filter(
    ({ glass, referenceId }) => glass && referenceId === job.referenceId,
  );
  await contents.load({ fit, reference }, [], window);
  const sights = window.flatMap((one) => contents.of(one, reference.id).sight ?? []);
  const isWarm = camera?.warmUp !== 'none' && lastBreak(events, job.capturedAt) === null;
  const known = [...(isWarm ? fit.reference.excess : []), ...sights.map(({ excess }) => excess)];
  const seen = known.slice(-job.detector.windowSize);
  if (sights.length === 0) return null;
  const grid = cellGrid(fit, GROWTH_CELL);
  const offGlass = reference.offGlass ?? fit.captions;
  const inScene = heldAt(standingAnswers(events, reference), 'in-scene', job.capturedAt);
  const named = new Set([...offGlass, ...inScene.flatMap(({ growth }) => growth)]);
  const masked = [...named].filter((cell) => cell < grid.height * grid.width);
  const { isGrown } = coverOf(seen, masked);
  return {
    grid,
    cell: { width: GROWTH_CELL / fit.width, height: GROWTH_CELL / fit.height },
    excess: medians(seen),
    isGrown,
    isDrawn: patchesOf(isGrown, grid, LEAST_PATCH),
    share: job.glass.cover,
    offGlass,
    masked,
    captions: reference.offGlass ? 0 : fit.captions.length,
    limits: cameraLimits(fit, job.glass.isOwnModel),
  };
}
