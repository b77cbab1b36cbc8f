import { courseOf, thinnedPlaces, type Course } from '../../core/domain/camera/course';
import { isRemark, type CameraEvent } from '../../core/domain/camera/event';
import type { CompletedJob } from '../../core/domain/camera/job';
import type { Markup } from '../../core/domain/files/markup';
import { chartInFile } from '../../core/plot/chart';
import { timelineScene } from '../../core/plot/timeline/timeline-scene';
import { medianStep } from '../../core/session/history/history';
import { timelineWords } from '../../words/timeline';
import { reportWords } from '../../words/report';

const HOUR = 3_600_000;
const MOST_MARKED = 200;
const MOST_DRAWN = 1000;
/** Share of the width that a letter of a flag's name has. */
const LETTER = 0.012;
/** On a phone a name takes more than half of the width, and left of the plot there is room. */
const LEFT_FROM = 0.4;

/**
 * The timeline of one history, from its first job to its last.
 *
 * @param jobs - in capture order
 * @returns null when there is no distance to draw
 */
export function distancePlot(jobs: readonly CompletedJob[], events: readonly CameraEvent[]): Markup | null {
  const course = courseOf(jobs);
  const { scored } = course;
  const [first, last, from, to] = [jobs[scored[0] ?? -1], jobs[scored.at(-1) ?? -1], jobs[0], jobs.at(-1)];
  if (!first || !last || !from || !to) return null;
  const margin = Math.max((to.capturedAt - from.capturedAt) * 0.01, HOUR / 2);
  const view = { from: from.capturedAt - margin, to: to.capturedAt + margin };
  const places = drawnPlaces(course);
  const summary = timelineWords.summary({
    count: scored.length,
    first: first.capturedAt,
    last: last.capturedAt,
    highest: scored.reduce((most, place) => Math.max(most, course.times[place]!), -Infinity),
  });
  const scene = timelineScene({
    label: `${summary} ${reportWords.chart.drawn({ points: places.length })}`,
    ...{ course, view, places, usualStep: medianStep(jobs), forecast: null },
    flags: events
      .filter((event) => !isRemark(event) && event.at >= view.from && event.at <= view.to)
      .slice(-MOST_MARKED),
    letter: LETTER,
    calm: null,
    leftFrom: LEFT_FROM,
  });
  return chartInFile(scene);
}

/** The places that a plot draws: no peak is left out. */
export function drawnPlaces(course: Course): readonly number[] {
  return thinnedPlaces(course, { first: 0, end: course.at.length }, MOST_DRAWN);
}
