import {
  courseOf,
  longestStep,
  ROOT_TICKS,
  rootOf,
  thinnedPlaces,
  warningOf,
  type Course,
} from '../../core/domain/camera/course';
import { utcTicks } from 'd3-time';
import { isRemark, verdictOf, type CameraEvent, type CompletedJob } from '../../core/domain/camera/job';
import { numeral, tickDay, tickMonth, utcTime } from '../../core/i18n/format';
import { medianStep } from '../../core/session/history/history';
import { appWords } from '../../core/i18n/app-words';
import { timelineWords } from '../../words/timeline';
import { reportWords } from '../../words/report';
import { html, plain, type Markup } from '../../core/domain/files/markup';

/** The inside is stretched to any width; height, text and the widths of lines stay what they are, in pixels. */
const WIDTH = 1000;
const HEIGHT = 260;
const BELOW = 44;
const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Ticks that fit side by side on a phone. */
const TICKS = 5;
const MOST_MARKED = 200;
const MOST_GAPS = 200;
/** of a limit */
const MOST_STEPS = 1000;
/** Names of events closer than this share of the width would cover each other. */
const LABEL_SPACE = 0.16;
const SEVERITY = { normal: 0, 'warming-up': 1, warning: 2, drift: 3, 'not-checked': 0 } as const;
const STATES = [null, 'warming-up', 'warning', 'drift'] as const;

/** From data to the inside of the plot. */
interface Scales {
  readonly x: (at: number) => number;
  /** of times of the drift limit */
  readonly y: (times: number) => number;
  /** times of the drift limit at the upper edge */
  readonly top: number;
}

const MOST_DRAWN = 1000;

/**
 * The distances of one history over capture time, in times of the drift limit on an axis of square roots: both limits as they were in force, shaded states, gaps, and what
 * happened to the camera.
 *
 * @param jobs - of one history, in capture order; those without a distance only shade
 * @param id - of the picture, unique in its document
 * @returns null when there is no distance to draw
 */
export function distancePlot(
  jobs: readonly CompletedJob[],
  events: readonly CameraEvent[],
  id: string,
): Markup | null {
  const course = courseOf(jobs);
  const { scored } = course;
  const [first, last, from, to] = [jobs[scored[0] ?? -1], jobs[scored.at(-1) ?? -1], jobs[0], jobs.at(-1)];
  if (!first || !last || !from || !to) return null;
  const highest = scored.reduce((most, place) => Math.max(most, course.times[place]!), -Infinity);
  const top = Math.max(1.6, highest * 1.25);
  const bottom = -0.05 * rootOf(top);
  const margin = Math.max((to.capturedAt - from.capturedAt) * 0.01, HOUR / 2);
  const begin = from.capturedAt - margin;
  const span = to.capturedAt + margin - begin;
  const scales: Scales = {
    x: (at) => round(((at - begin) / span) * WIDTH),
    y: (times) => round(((rootOf(top) - rootOf(times)) / (rootOf(top) - bottom)) * HEIGHT),
    top,
  };
  const gaps = gapsOf(jobs);
  const breaks = [...gaps, ...fillingsOf(course)].sort(([, a], [, b]) => a - b);
  const points = drawnPlaces(course);
  const marked = events
    .filter((event) => !isRemark(event) && event.at >= begin && event.at <= begin + span)
    .slice(-MOST_MARKED);
  const summary = timelineWords.summary({
    count: scored.length,
    first: first.capturedAt,
    last: last.capturedAt,
    highest,
  });
  return html`<svg
    class="plot"
    role="img"
    aria-labelledby="${id}-title ${id}-desc"
    width="100%"
    height="${HEIGHT + BELOW}"
    data-points="${points.length}"
  >
    <title id="${id}-title">${appWords.chart.title}</title>
    <desc id="${id}-desc">
      ${plain(summary)}
      ${reportWords.chart.drawn({ points: points.length, gaps: gaps.length, events: reportWords.chart.drawnEvents({ events: marked.length }) })}
    </desc>
    <svg
      width="100%"
      height="${HEIGHT + 10}"
      viewBox="0 0 ${WIDTH} ${HEIGHT + 10}"
      preserveAspectRatio="none"
    >
      ${gaps.slice(-MOST_GAPS).map(([a, b]) => html`<rect class="gap" x="${scales.x(a)}" y="0" width="${round(scales.x(b) - scales.x(a))}" height="${HEIGHT}" />`)}
      ${states(jobs, gaps, scales)}
      <path class="zero" d="M0 ${scales.y(0)}H${WIDTH}" />
      <path class="limit warning" d="${limits(jobs, 'warning', scales)}" />
      <path class="limit drift" d="${limits(jobs, 'drift', scales)}" />
      ${marked.map(({ at, kind }) => html`<path class="event ${kind}" d="M${scales.x(at)} 0V${HEIGHT}" />`)}
      <path class="line" d="${line(course, points, breaks, scales)}" />
    </svg>
    ${labels(to, marked, [begin, begin + span], scales)}
  </svg>`;
}

/** The places that a plot draws: no peak is left out. */
export function drawnPlaces(course: Course): readonly number[] {
  return thinnedPlaces(course, { first: 0, end: course.at.length }, MOST_DRAWN);
}

/** A pause of the camera that is too long to draw a line across, in milliseconds since 1970. */
type Gap = readonly [lastBefore: number, firstAfter: number];

/** The pauses that are far longer than usual between two of these jobs. */
function gapsOf(jobs: readonly CompletedJob[]): Gap[] {
  const longest = longestStep(medianStep(jobs));
  const gaps: Gap[] = [];
  for (const [i, { capturedAt }] of jobs.entries()) {
    const before = jobs[i - 1]?.capturedAt ?? capturedAt;
    if (capturedAt - before > longest) gaps.push([before, capturedAt]);
  }
  return gaps;
}

/** Gaps between two distances in which a window filled. */
function fillingsOf(course: Course): (readonly [number, number])[] {
  const { at, scored } = course;
  return scored.flatMap((place, i) => {
    const before = scored[i - 1];
    return before === undefined || before === place - 1 ? [] : [[at[before]!, at[place]!] as const];
  });
}

/** The distances as one path, broken where none can be; a distance alone becomes a dot. */
function line(
  { at, times }: Course,
  points: readonly number[],
  breaks: readonly (readonly [number, number])[],
  { x, y }: Scales,
): string {
  let next = 0;
  return points
    .map((drawn, i) => {
      const capturedAt = at[drawn]!;
      // Breaks that end by now lie between this point and the one before: none ends twice.
      const passed = next;
      while (next < breaks.length && breaks[next]![1] <= capturedAt) next += 1;
      const place = `${x(capturedAt)} ${y(times[drawn]!)}`;
      return i === 0 || next > passed ? `M${place}h0` : `L${place}`;
    })
    .join('');
}

/** Verdicts other than normal: shaded, and a strip below whose height shows them without colour. */
function states(
  jobs: readonly CompletedJob[],
  gaps: readonly (readonly [number, number])[],
  { x }: Scales,
): readonly Markup[] {
  const columns = new Array<number>(WIDTH + 1).fill(0);
  const afterGap = new Set(gaps.map(([, to]) => to));
  for (const [i, job] of jobs.entries()) {
    const severity = SEVERITY[verdictOf(job)];
    if (severity === 0) continue;
    const next = jobs[i + 1]?.capturedAt;
    const first = Math.floor(x(job.capturedAt));
    const end = next === undefined || afterGap.has(next) ? first : Math.floor(x(next));
    for (let column = first; column <= Math.max(first, end - 1); column += 1) {
      columns[column] = Math.max(columns[column]!, severity);
    }
  }
  const shades: Markup[] = [];
  for (let start = 0; start <= WIDTH;) {
    const severity = columns[start]!;
    let end = start + 1;
    while (end <= WIDTH && columns[end] === severity) end += 1;
    const state = STATES[severity];
    const high = 3 * severity;
    if (state) {
      shades.push(
        html`<rect class="state ${state}" x="${start}" y="0" width="${end - start}" height="${HEIGHT}" /><rect
            class="strip ${state}"
            x="${start}"
            y="${HEIGHT + 10 - high}"
            width="${end - start}"
            height="${high}"
          />`,
      );
    }
    start = end;
  }
  return shades;
}

/** A limit as a line that steps where it was changed. */
function limits(jobs: readonly CompletedJob[], which: 'warning' | 'drift', { x, y }: Scales): string {
  const heightAt = (job: CompletedJob) => (which === 'drift' ? 1 : warningOf(job));
  const steps = jobs.filter((job, i) => i === 0 || heightAt(job) !== heightAt(jobs[i - 1]!));
  return `M0 ${y(heightAt(steps[0]!))}${steps
    .slice(1)
    .slice(-MOST_STEPS)
    .map((job) => `H${x(job.capturedAt)}V${y(heightAt(job))}`)
    .join('')}H${WIDTH}`;
}

/** Texts over the plot, at places that are shares of its width. */
function labels(
  newest: CompletedJob,
  events: readonly CameraEvent[],
  [begin, end]: readonly [number, number],
  { x, y, top }: Scales,
): readonly Markup[] {
  const share = (at: number) => `${round((100 * x(at)) / WIDTH)}%`;
  const ticks = utcTicks(new Date(begin), new Date(end), TICKS).map((date) => date.getTime());
  const isLong = end - begin > 300 * DAY;
  const ofTick = (at: number) =>
    isLong ? tickMonth(at) : at % DAY !== 0 && end - begin < 3 * DAY ? utcTime(at) : tickDay(at);
  let named = -Infinity;
  const names = events.flatMap(({ at, kind }) => {
    const place = x(at) / WIDTH;
    if (place - named < LABEL_SPACE) return [];
    named = place;
    const isRight = place > 1 - LABEL_SPACE;
    return [
      html`<text class="event-name" x="${share(at)}" y="14" dx="${isRight ? -5 : 5}" ${anchor(isRight)}
        >${timelineWords.flags[kind]}</text
      >`,
    ];
  });
  return [
    html`<text class="warning" x="100%" dx="6" y="${y(warningOf(newest)) + 11}"
      >${timelineWords.warning}</text
    >`,
    html`<text class="drift" x="100%" dx="6" y="${y(1) - 2}">${timelineWords.drift}</text>`,
    ...ROOT_TICKS.filter((times) => times <= top).map(
      (times) => html`<text class="soft" x="4" y="${y(times) + 4}">${numeral(times)}</text>`,
    ),
    ...names,
    ...ticks
      .filter((at) => x(at) > 0.04 * WIDTH && x(at) < 0.96 * WIDTH)
      .map(
        (at) =>
          html`<line
              class="tick"
              x1="${share(at)}"
              x2="${share(at)}"
              y1="${HEIGHT + 12}"
              y2="${HEIGHT + 17}"
            /><text class="soft" x="${share(at)}" y="${HEIGHT + 32}" text-anchor="middle"
              >${ofTick(at)}</text
            >`,
      ),
  ];
}

function anchor(isRight: boolean): Markup {
  return isRight ? html` text-anchor="end"` : html``;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
