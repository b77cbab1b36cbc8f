import type { Camera, InForce } from './camera';
import type { CameraEvent } from './event';
import type { CompletedJob, Job } from './job';
import type { Reference } from './reference';
import { isUnjudged } from './snapshot-job';

interface TimelineFacts {
  readonly camera: Pick<Camera, 'modelSha256' | 'referenceId' | 'timeline'>;
  readonly references: readonly Pick<Reference, 'id' | 'version' | 'modelSha256'>[];
  readonly events: readonly CameraEvent[];
  /** in capture order */
  readonly jobs: readonly Job[];
}

/**
 * The references that judge a camera's snapshots, in the order of their times: those of its present model. Of a camera of
 * before they were kept the jobs tell them.
 */
export function timelineOf(known: TimelineFacts): readonly InForce[] {
  const { camera, references } = known;
  const own = new Set(
    references.filter(({ modelSha256 }) => modelSha256 === camera.modelSha256).map(({ id }) => id),
  );
  return (camera.timeline ?? toldBy(known)).filter(({ referenceId }) => own.has(referenceId));
}

/** The one in force at a capture time. @param timeline - in order of its times */
export function inForceAt(timeline: readonly InForce[], capturedAt: number): string | null {
  return ([...timeline].reverse().find(({ at }) => at <= capturedAt) ?? timeline[0])?.referenceId ?? null;
}

/** With a reference that judges from a capture time on. */
export function withInForce(timeline: readonly InForce[], next: InForce): readonly InForce[] {
  return [...timeline.filter(({ at }) => at < next.at), next];
}

/**
 * In each view the references by their versions, each after the last snapshot that those before it have judged: a late
 * snapshot was judged by a later one than that of its time.
 */
function toldBy({ camera, references, events, jobs }: TimelineFacts): readonly InForce[] {
  const versions = new Map(references.map(({ id, version }) => [id, version]));
  const judged = jobs.filter(
    (job): job is CompletedJob =>
      job.jobStatus === 'Completed' && job.modelSha256 === camera.modelSha256 && !isUnjudged(job),
  );
  const views = events.filter(({ isNewView }) => isNewView).map(({ at }) => at);
  const timeline: InForce[] = [];
  for (const [i, begin] of [-Infinity, ...views].entries()) {
    const end = views[i] ?? Infinity;
    const lastOf = new Map<string, number>();
    for (const { referenceId, capturedAt } of judged) {
      if (capturedAt >= begin && capturedAt < end) lastOf.set(referenceId, capturedAt);
    }
    let at = Math.max(0, begin);
    for (const [referenceId, last] of [...lastOf].sort(
      ([a], [b]) => (versions.get(a) ?? 0) - (versions.get(b) ?? 0),
    )) {
      timeline.push({ at, referenceId });
      at = Math.max(at, last + 1);
    }
  }
  const { referenceId } = camera;
  if (referenceId === null || timeline.at(-1)?.referenceId === referenceId) return timeline;
  const last = judged.at(-1)?.capturedAt ?? -1;
  return [...timeline, { at: Math.max(last + 1, views.at(-1) ?? 0), referenceId }];
}
