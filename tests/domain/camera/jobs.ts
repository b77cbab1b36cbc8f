import type { CompletedJob, FailedJob } from '../../../src/core/domain/camera/job';
import { classify } from '../../../src/core/domain/drift/thresholds';
import { GLASS_THRESHOLDS, type GlassFacts } from '../../../src/core/domain/glass/glass-facts';

export const NOON = Date.UTC(2023, 6, 30, 12, 0, 0, 250);
export const HOUR = 3_600_000;

/** A scored job, so many hours after NOON. */
export function completed(
  hour: number,
  distance: number | null,
  change: Partial<CompletedJob> = {},
): CompletedJob {
  return {
    id: `job-${hour}`,
    cameraId: 'camera',
    imageName: `${hour}.jpg`,
    contentSha256: 'c'.repeat(64),
    capturedAt: NOON + hour * HOUR,
    capturedAtSource: 'file-name',
    createdAt: 0,
    jobStatus: 'Completed',
    distance,
    windowFill: 12,
    thresholds: { warning: 0.05, drift: 0.1 },
    detector: { name: 'mmd', windowSize: 12, sigma: 0.3 },
    referenceId: 'reference',
    modelSha256: 'a'.repeat(64),
    properties: {
      width: 1,
      height: 1,
      brightness: 0,
      contrast: 0,
      sharpness: 0,
      blueMinusRed: 0,
      greenCast: 0,
    },
    ...change,
  };
}

/** A file that could not be read, so many hours after NOON. */
export function failed(hour: number): FailedJob {
  const { id, cameraId, imageName, contentSha256, capturedAt, capturedAtSource, createdAt } = completed(
    hour,
    null,
  );
  const facts = { id, cameraId, imageName, contentSha256, capturedAt, capturedAtSource, createdAt };
  return { ...facts, jobStatus: 'Failed', code: 'not-an-image', detail: 'GIF' };
}

/** Facts of growth and loss with these distances, on a camera that its model was not made for. */
export function glass(
  growth: number | null,
  loss: number | null,
  change: Partial<GlassFacts> = {},
): GlassFacts {
  const stream = (distance: number | null) => ({
    distance,
    driftStatus: classify(distance, GLASS_THRESHOLDS),
  });
  return {
    growth: stream(growth),
    loss: { ...stream(loss), part: 'red' },
    cover: 0.125,
    thickest: 'upper',
    view: { isAside: false, asideInARow: 0, isAlarming: false, hasMoved: false },
    isDark: false,
    visible: 0.75,
    move: { right: 1, down: -2 },
    isOwnModel: false,
    ...change,
  };
}

/** Of a snapshot that counts for nothing, since it shows another view. */
export function otherView(
  view: Partial<GlassFacts['view']> = {},
  change: Partial<GlassFacts> = {},
): GlassFacts {
  return glass(null, null, {
    growth: null,
    loss: null,
    view: { isAside: true, asideInARow: 1, isAlarming: false, hasMoved: false, ...view },
    ...change,
  });
}
