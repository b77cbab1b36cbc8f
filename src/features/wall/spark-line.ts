import { longestStep } from '../../core/domain/camera/course';
import { spokenOf, timesOf } from '../../core/domain/camera/spoken';
import { OVERVIEW_SPAN, type CameraOverview } from '../../core/session/camera-overview';
import { medianStep } from '../../core/session/history/history';
import { sparkOf } from './pure/spark';

const DAY = 86_400_000;
/** A line ends where news ended, but what was long ago is not left of the picture. */
const QUIET = 8 * DAY;

/** So many days a line shows. */
export const SPARK_DAYS = OVERVIEW_SPAN / DAY;

/** A camera's last days as the `points` of SVG polylines, in a box 100 wide and 40 high. */
export function sparkLines({ course, newestAt }: CameraOverview, now: number): readonly string[] {
  const points = course.flatMap((job) => {
    const spoken = spokenOf(job);
    return spoken ? [{ at: job.capturedAt, times: timesOf(spoken) }] : [];
  });
  const to = Math.min(now, (newestAt ?? now) + QUIET);
  const pieces = sparkOf(points, to - OVERVIEW_SPAN, to, longestStep(medianStep(course)));
  return pieces.map((piece) =>
    piece.map(([x, y]) => `${(100 * x).toFixed(2)},${(1 + 38 * y).toFixed(2)}`).join(' '),
  );
}
