import type { Camera } from '../domain/camera/camera';
import type { Job } from '../domain/camera/job';
import { scoredBy } from './history/history';
import type { Models } from './models.svelte';

/** A model that has judged snapshots of a camera, or is about to. */
export interface JudgingModel {
  readonly sha256: string;
  /** unique among the list's names */
  readonly name: string;
}

/** The models that have judged a camera's snapshots, in the order in which they began; its present one comes last. */
export function judgingModels(jobs: readonly Job[], camera: Camera, models: Models): readonly JudgingModel[] {
  const begun = new Map<string, number>();
  for (const job of jobs) {
    if (job.jobStatus === 'Failed') continue;
    const first = begun.get(job.modelSha256);
    if (first === undefined || job.createdAt < first) begun.set(job.modelSha256, job.createdAt);
  }
  begun.delete(camera.modelSha256);
  const earlier = [...begun].sort(([, a], [, b]) => a - b).map(([sha256]) => sha256);
  const named = [...earlier, camera.modelSha256].map((sha256) => ({
    sha256,
    name: models.find(sha256)?.manifest.name ?? sha256.slice(0, 12),
  }));
  return named.map(({ sha256, name }) => {
    const isShared = named.some((other) => other.sha256 !== sha256 && other.name === name);
    return { sha256, name: isShared ? `${name} (${sha256.slice(0, 7)})` : name };
  });
}

/** The jobs that can be plotted together: of the chosen model, else of the last one that has any. */
export function ofOneModel(
  jobs: readonly Job[],
  models: readonly JudgingModel[],
  chosen: string,
): { readonly model: JudgingModel | null; readonly jobs: readonly Job[] } {
  if (models.length < 2) return { model: null, jobs };
  const model =
    models.find(({ sha256 }) => sha256 === chosen) ??
    models.findLast(({ sha256 }) => scoredBy(sha256, jobs).length > 0) ??
    null;
  return { model, jobs: model ? scoredBy(model.sha256, jobs) : jobs };
}
