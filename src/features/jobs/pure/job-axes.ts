import type { CompletedJob, Job } from '../../../core/domain/camera/job';
import { verdictOf } from '../../../core/domain/camera/verdict';
import { scaledDistance } from '../../../core/domain/camera/spoken';
import { GLASS_THRESHOLDS } from '../../../core/domain/glass/glass-facts';
import type { LimitCourse, RecordPoint } from '../../../core/domain/camera/plot-point';
import {
  IMAGE_PROPERTIES,
  type ImageProperty,
  type MeasuredProperty,
} from '../../../core/domain/picture/property-table';

/** Axes from growth, loss and the view of a job, beside the learned distance. */
const GLASS_AXES = ['learned', 'growth', 'loss', 'cover', 'visible'] as const;
type GlassAxis = (typeof GLASS_AXES)[number];

/** Axes of a plot of jobs. `distance` is that of the deciding detector, on the scale of the learned limits. */
export type JobAxis = 'capturedAt' | 'distance' | GlassAxis | MeasuredProperty;

/** All axes in the order in which they are offered: what the model says comes before what was measured of the picture. */
function axesOf(table: readonly ImageProperty[]): readonly JobAxis[] {
  return ['capturedAt', 'distance', ...GLASS_AXES, ...table.map(({ key }) => key)];
}

/** A job's number on an axis, milliseconds since 1970 for the capture time; null when it has none. */
export function jobNumberOn(job: Job, axis: JobAxis): number | null {
  if (axis === 'capturedAt') return job.capturedAt;
  if (job.jobStatus === 'Failed') return null;
  if (axis === 'distance') return scaledDistance(job);
  if (isGlassAxis(axis)) return glassNumber(job, axis);
  // Jobs that were scored before a property was measured don't have it.
  const value = job.properties?.[axis] ?? null;
  return Number.isFinite(value) ? value : null;
}

function isGlassAxis(axis: JobAxis): axis is GlassAxis {
  return (GLASS_AXES as readonly string[]).includes(axis);
}

function glassNumber({ glass, distance }: CompletedJob, axis: GlassAxis): number | null {
  // Without growth and loss it is the distance itself.
  if (!glass) return null;
  switch (axis) {
    case 'learned':
      return glass.isOwnModel ? distance : null;
    case 'growth':
    case 'loss':
      return glass[axis]?.distance ?? null;
    case 'cover':
      return glass.growth ? glass.cover : null;
    case 'visible':
      return glass.visible;
  }
}

/** The axes on which at least one of these jobs has a number. */
export function jobAxesOf(jobs: readonly Job[], table = IMAGE_PROPERTIES): readonly JobAxis[] {
  return axesOf(table).filter((axis) => jobs.some((job) => jobNumberOn(job, axis) !== null));
}

/** The jobs that have a number on both axes, from left to right. */
export function jobPointsOf(jobs: readonly Job[], x: JobAxis, y: JobAxis): RecordPoint<Job>[] {
  const points: RecordPoint<Job>[] = [];
  for (const job of jobs) {
    const [across, up] = [jobNumberOn(job, x), jobNumberOn(job, y)];
    if (across !== null && up !== null)
      points.push({ x: across, y: up, status: verdictOf(job), record: job });
  }
  return points.sort((a, b) => a.x - b.x);
}

/**
 * The limits that were in force, where Y shows a distance.
 *
 * One that changed has a course over the capture time, and none over anything else, where it would jump to and fro.
 */
export function jobLimitsOf(
  points: readonly RecordPoint<Job>[],
  x: JobAxis,
  y: JobAxis,
): { readonly warning: LimitCourse; readonly drift: LimitCourse } {
  if (y === 'growth' || y === 'loss') return GLASS_THRESHOLDS;
  if (y !== 'distance' && y !== 'learned') return { warning: null, drift: null };
  return { warning: courseOf(points, x, 'warning'), drift: courseOf(points, x, 'drift') };
}

function courseOf(points: readonly RecordPoint<Job>[], x: JobAxis, name: 'warning' | 'drift'): LimitCourse {
  const steps: { x: number; y: number }[] = [];
  let last: { x: number; y: number } | null = null;
  for (const { x, record } of points) {
    if (record.jobStatus === 'Failed') continue;
    last = { x, y: record.thresholds[name] };
    if (last.y !== steps.at(-1)?.y) steps.push(last);
  }
  if (last && steps.at(-1) !== last) steps.push(last);
  const [first] = steps;
  if (!first) return null;
  if (steps.every(({ y }) => y === first.y)) return first.y;
  return x === 'capturedAt' ? steps : null;
}
