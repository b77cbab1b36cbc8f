import type { CameraEvent, CompletedJob } from '../domain/camera/job';
import { outlookOf } from '../domain/camera/outlook';
import type { Rising } from '../domain/drift/trend';
import { o } from './messages-outlook';

export interface ToldOutlook {
  /** when the lens will have to be cleaned; null unless a rise is certain enough */
  readonly forecast: string | null;
  /** how long the lens has been as it is, and why no day is told; empty when there is nothing to say */
  readonly remark: string;
  /** the same forecast for the chart */
  readonly rising: Rising | null;
}

/** Jobs are one history; jobs and events are in capture order, `now` is milliseconds since 1970. */
export function tellOutlook(
  jobs: readonly CompletedJob[],
  events: readonly CameraEvent[],
  now: number,
): ToldOutlook | null {
  const outlook = outlookOf(jobs, events, now);
  if (!outlook) return null;
  return {
    forecast: o.forecast(outlook, now),
    remark: o.remark(outlook, now),
    rising: outlook.trend?.kind === 'rising' ? outlook.trend : null,
  };
}
