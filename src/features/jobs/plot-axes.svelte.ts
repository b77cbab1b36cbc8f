import type { JobAxis } from './pure/job-axes';
import { partOf } from '../../core/session/part-of';

/** Axes of the Jobs place's plot, kept as long as the page is open. */
class PlotAxes {
  x = $state<JobAxis>('capturedAt');
  y = $state<JobAxis>('distance');
}

export const plotAxesOf = partOf(() => new PlotAxes());
