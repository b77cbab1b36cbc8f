import type { Camera, CameraEvent, CompletedJob, Reference, InForce } from './job';

interface Known {
  readonly camera: Pick<Camera, 'modelSha256' | 'referenceId' | 'timeline'>;
  readonly references: readonly Pick<Reference, 'id' | 'modelSha256'>[];
}

/**
 * The references that judge a camera's snapshots, in the order of their times: those of its present model.
 *
 * @param jobs - that this model has scored, in capture order: they tell it of a camera of before it was kept
 * @param events - of the camera
 */
export function timelineOf(
  { camera, references }: Known,
  jobs: readonly Pick<CompletedJob, 'referenceId' | 'capturedAt'>[],
  events: readonly CameraEvent[],
): readonly InForce[] {
  const own = new Set(
    references.filter(({ modelSha256 }) => modelSha256 === camera.modelSha256).map(({ id }) => id),
  );
  const all = camera.timeline ?? toldBy(jobs, events, camera.referenceId);
  return all.filter(({ referenceId }) => own.has(referenceId));
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
 * In each view the references one after the other, by the last snapshot that each has judged: late ones came to a later
 * reference than that of their time.
 */
function toldBy(
  jobs: readonly Pick<CompletedJob, 'referenceId' | 'capturedAt'>[],
  events: readonly CameraEvent[],
  present: string | null,
): readonly InForce[] {
  const views = events.filter(({ isNewView }) => isNewView).map(({ at }) => at);
  const timeline: InForce[] = [];
  for (const [i, begin] of [-Infinity, ...views].entries()) {
    const end = views[i] ?? Infinity;
    const lastOf = new Map<string, number>();
    for (const { referenceId, capturedAt } of jobs) {
      if (capturedAt >= begin && capturedAt < end) lastOf.set(referenceId, capturedAt);
    }
    let at = Math.max(0, begin);
    for (const [referenceId, last] of [...lastOf].sort((a, b) => a[1] - b[1])) {
      timeline.push({ at, referenceId });
      at = last + 1;
    }
  }
  const newest = timeline.at(-1);
  if (present === null || newest?.referenceId === present) return timeline;
  const last = jobs.at(-1)?.capturedAt ?? -1;
  return [...timeline, { at: Math.max(last + 1, views.at(-1) ?? 0), referenceId: present }];
}
