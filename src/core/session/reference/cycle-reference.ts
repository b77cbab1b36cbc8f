import { v5 } from 'uuid';
import type { Camera } from '../../domain/camera/camera';
import type { Cycle } from '../../domain/camera/cycle';
import { earliestDays } from '../../domain/camera/earliest-days';
import type { CompletedJob } from '../../domain/camera/job';
import type { Reference } from '../../domain/camera/reference';
import { toWall } from '../../domain/camera/time/zone';
import { wallClockOf } from '../../domain/camera/time/job-time';
import { withoutSceneAs } from '../../domain/camera/unused-file';
import type { Embedding } from '../../domain/drift/embedding';
import type { GlassFit } from '../../domain/glass/glass';
import { isOneView } from '../../domain/glass/given-views';
import { positionOf } from '../../domain/glass/glass-facts';
import { MOST_FITTED, type GlassLooker, type GlassSource } from '../../encoder/glass/glass-looker';
import { freezeReference, type KnownSnapshot, type NewReference } from './reference-builder';

/** Ids of cycles' references are made of their pictures, within this name. */
const IDS = '5a0d3a0c-7c8e-4b43-9d43-5c6f0a1f2f0e';

/** A snapshot's picture and embedding. */
export interface LearnedContent {
  readonly embedding: Embedding;
  /** JPEG bytes */
  readonly thumbnail: ArrayBuffer;
  /** the same, where it was read already */
  readonly glass: GlassSource;
}

/** Reads what snapshots show, in their order; null for one whose picture or embedding is gone. */
export type LearnedContentsOf = (
  jobs: readonly CompletedJob[],
) => Promise<readonly (LearnedContent | null)[]>;

/** A reference that a cycle's own pictures make, with the lens that they show. */
export interface CycleReference extends NewReference {
  readonly glassFit: GlassFit;
}

/** The cycle that learns, and the reference that judges it so far. */
export interface LearningCycle {
  readonly camera: Camera;
  readonly cycle: Cycle;
  readonly inForce: Reference;
  /** from when on the new one judges */
  readonly at: number;
  /** so many clean pictures of one view are needed */
  readonly needed: number;
}

/**
 * Makes the reference of a cycle from its first pictures: of the view that most of them show the earliest whole days that
 * reach forty, as a set-up does. Nobody has called them clean one by one.
 *
 * @param jobs - in capture order
 * @returns null if there are too few of one view
 * @throws AppError `worker-lost` or `storage-failed`
 */
export async function cycleReference(
  looker: GlassLooker,
  { camera, cycle, inForce, at, needed }: LearningCycle,
  jobs: readonly CompletedJob[],
  contentsOf: LearnedContentsOf,
): Promise<CycleReference | null> {
  const shown = jobs.filter(({ properties }) => properties !== null && withoutSceneAs(properties) === null);
  const some = shown.slice(0, MOST_FITTED);
  const contents = await contentsOf(some);
  const known = some.flatMap((job, i) => (contents[i] ? [{ job, content: contents[i] }] : []));
  if (known.length < needed) return null;
  const walls = known.map(({ job }) => toWall(job.capturedAt, camera));
  const { clean } = await looker.sort(
    known.map(({ content }) => content.glass),
    walls,
  );
  const places = earliestDays(clean.map((place) => walls[place]!)).map((i) => clean[i]!);
  if (places.length < needed) return null;
  const chosen = places.map((place) => known[place]!);
  const frozen = freezeReference(camera, inForce.version, chosen.map(snapshotOf));
  const { reference, glass } = frozen;
  const glassFit = await looker.fit(glass, reference.capturedAt ?? []);
  if (!glassFit) return null;
  const { offGlass, isOwnModel } = inForce;
  const isSameView = chosen.every(({ job }) => !job.glass || isOneView(positionOf(job.glass)));
  const id = v5(JSON.stringify([camera.id, camera.modelSha256, reference.contentSha256]), IDS);
  const own: Reference = {
    ...reference,
    ...{ id, beganAt: cycle.beganAt, createdAt: at },
    // A mask is of the glass in one view, and the model the camera's own or not.
    ...(offGlass && isSameView && { offGlass }),
    ...(isOwnModel !== undefined && { isOwnModel }),
  };
  return { ...frozen, reference: own, glassFit };
}

function snapshotOf({
  job,
  content,
}: {
  readonly job: CompletedJob;
  readonly content: LearnedContent;
}): KnownSnapshot {
  const { imageName: name, contentSha256, capturedAt, properties } = job;
  const { embedding, thumbnail, glass } = content;
  const picture = glass instanceof ArrayBuffer ? {} : { glass };
  return {
    name,
    contentSha256,
    embedding,
    capturedAt,
    wallClock: wallClockOf(job),
    properties,
    thumbnail,
    ...picture,
  };
}
