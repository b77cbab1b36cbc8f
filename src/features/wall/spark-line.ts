import {
  courseBetween,
  courseOf,
  LIMIT_HEIGHTS,
  longestStep,
  thinnedPlaces,
} from '../../core/domain/camera/course';
import type { Scene } from '../../core/plot/chart';
import { courseLine } from '../../core/plot/timeline/timeline-scene';
import { OVERVIEW_SPAN } from '../../core/session/camera-overview';
import { medianStep } from '../../core/session/history/history';
import { wallWords } from '../../words/wall';
import type { Tile } from './wall.svelte';

const DAY = 86_400_000;
/** A line ends where news ended, but what was long ago is not left of the picture. */
const QUIET = 8 * DAY;
const MOST = 240;

/** A camera's last days between its limits. */
export function sparkScene({ course: jobs, newestAt, times }: Tile, now: number): Scene {
  const course = courseOf(jobs);
  const to = Math.min(now, (newestAt ?? now) + QUIET);
  const from = to - OVERVIEW_SPAN;
  const places = thinnedPlaces(course, courseBetween(course, from, to), MOST);
  const isAbove = times !== null && times > 1;
  const limit = LIMIT_HEIGHTS.drift;
  return {
    label: wallWords.spark({ days: OVERVIEW_SPAN / DAY, times }),
    height: 36,
    around: { right: 48 },
    x: { from, to },
    y: { from: 0, to: 1 },
    layers: [
      { kind: 'rule', y: limit, stroke: 'ink-soft', width: 1, dash: '3 4' },
      courseLine(course, places, longestStep(medianStep(jobs)), { stroke: 'tone', width: 2 }),
      {
        kind: 'text',
        at: [to, isAbove ? (course.heights[course.scored.at(-1) ?? 0] ?? limit) : limit],
        move: [6, 0],
        text: isAbove ? wallWords.times({ times }) : wallWords.limit,
        fill: isAbove ? 'tone' : 'ink-soft',
        isBold: isAbove,
      },
    ],
  };
}
