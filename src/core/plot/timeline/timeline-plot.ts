import { Chart, type ChartDataset, type Plugin } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import {
  isBroken,
  longestStep,
  ROOT_TICKS,
  rootOf,
  warningOf,
  type Calendar,
  type Course,
  type Grade,
} from '../../domain/camera/course';
import { verdictOf } from '../../domain/camera/job';
import type { Rising } from '../../domain/drift/trend';
import {
  axisColours,
  buildTimeTicks,
  plotColours,
  labelStyleOf,
  limitLine,
  onOtherStyle,
  onTheme,
  pngOf,
  timeTick,
  type Colours,
} from '../plot-style';
import type { Flag } from './flags';
import { flagName } from './flags';
import { timelineWords } from '../../../words/timeline';
import type { TimeView } from './time-view';

const DAY = 86_400_000;
/** The axis ends at one of these. */
const TOPS = [1.7, 2.4, 4.4, 8.8, 17.6, 35, 70, 140, 1000];
/** Room below zero, so that a clear camera's line does not lie on the edge. */
const BOTTOM = -0.04;
/** pixels: the strip of days and hours, and what stands between it and the axis */
const STRIP = { high: 60, gap: 6 };
/** pixels left of the plot for the numbers of the axis */
const LEFT = 44;
/** and right of it for the names of the limits; on a phone the axis tells them apart */
const RIGHT = { wide: 64, narrow: 8 };
/** A prediction is a curve on this axis. */
const CURVE_STEPS = 24;
/** Pixels of a saved picture. */
const PICTURE = { width: 1200, height: 560, scale: 2, head: 64 };

/** Depth of a grade's colour in the strip: without colours, the darker the worse. */
const SHADES: Record<Grade, { readonly tone: 'unknown' | 'normal' | 'warning' | 'drift'; share: number }> = {
  unjudged: { tone: 'unknown', share: 0.12 },
  low: { tone: 'normal', share: 0.25 },
  normal: { tone: 'normal', share: 0.5 },
  warning: { tone: 'warning', share: 0.65 },
  drift: { tone: 'drift', share: 0.7 },
  far: { tone: 'drift', share: 1 },
};

export interface TimelineData {
  readonly course: Course;
  readonly view: TimeView;
  /** places of the course that are drawn, those of the view and one beyond it on each side */
  readonly places: readonly number[];
  /** usual time between two snapshots, in milliseconds; null for fewer than two */
  readonly usualStep: number | null;
  readonly flags: readonly Flag[];
  /** the days of the view; null if no strip is drawn */
  readonly calendar: Calendar | null;
  /** how the learned distance goes on; null when that can't be told */
  readonly forecast: Rising | null;
}

/** The inside of the plot, in pixels of the element around it. */
export interface Inside {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
  /** of the course; null if the line is broken */
  readonly place: number | null;
}

/**
 * The distances of a camera in times of the drift limit over capture time in UTC, on an axis of square roots, with both
 * limits and their bands; below it each hour of each day by its worst snapshot.
 */
export class TimelinePlot {
  readonly #chart: Chart<'line', Point[]>;
  readonly #canvas: HTMLCanvasElement;
  readonly #forgetTheme: () => void;
  #data: TimelineData | null = null;

  /** @param onLaidOut - is told where the inside of the plot is, whenever that changes */
  constructor(canvas: HTMLCanvasElement, onLaidOut: (inside: Inside) => void) {
    this.#canvas = canvas;
    const told: Plugin<'line'> = {
      id: 'laid-out',
      afterLayout: ({ chartArea: { left, top, width, height } }) => {
        if (this.#data) onLaidOut({ left, top, width, height });
      },
    };
    const again = () => {
      if (this.#data) this.show(this.#data);
    };
    this.#chart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      plugins: [told, onOtherStyle(canvas, again), ...drawings(() => this.#data, canvas)],
      data: { datasets: [] },
      // It draws at once, but has no data yet: axes come with them, so that this is no long task.
      options: { ...BARE, scales: { x: HIDDEN, y: HIDDEN } },
    });
    this.#forgetTheme = onTheme(again);
  }

  show(data: TimelineData): void {
    this.#data = data;
    const colours = plotColours(this.#canvas);
    const { isNarrow } = labelStyleOf(this.#canvas);
    const label = { isNarrow, space: isNarrow ? RIGHT.narrow : RIGHT.wide };
    this.#chart.data.datasets = [datasetOf(data, colours)];
    this.#chart.options = shownOptions(data, colours, label.space, annotationsOf(data, colours, label));
    this.#chart.update('none');
  }

  /** The visible part as a PNG file of its own, with a title, the flags' names and the theme's background. */
  async png(title: string): Promise<Blob> {
    const data = this.#data;
    if (!data) throw new Error('nothing was shown yet');
    const colours = plotColours(this.#canvas);
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [PICTURE.width, PICTURE.height];
    const label = { isNarrow: false, space: RIGHT.wide };
    const options = shownOptions(data, colours, label.space, [
      ...annotationsOf(data, colours, label),
      ...namesOf(data, colours),
    ]);
    const page: Plugin<'line'> = {
      id: 'page',
      beforeDraw: ({ ctx, width, height }) => {
        ctx.fillStyle = colours.surface;
        ctx.fillRect(0, 0, width, height);
        ctx.fillStyle = colours.ink;
        ctx.font = `600 17px ${Chart.defaults.font.family ?? ''}`;
        ctx.fillText(title, 20, 30);
      },
    };
    const padding = {
      top: PICTURE.head,
      left: 20,
      right: RIGHT.wide + 16,
      bottom: (data.calendar ? STRIP.high + STRIP.gap : 0) + 16,
    };
    const chart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      plugins: [page, ...drawings(() => data, this.#canvas, 16)],
      data: { datasets: [datasetOf(data, colours)] },
      options: {
        ...options,
        responsive: false,
        devicePixelRatio: PICTURE.scale,
        layout: { padding },
      },
    });
    const blob = await pngOf(canvas);
    chart.destroy();
    return blob;
  }

  destroy(): void {
    this.#forgetTheme();
    this.#chart.destroy();
  }
}

const BARE = {
  animation: false as const,
  maintainAspectRatio: false,
  parsing: false as const,
  normalized: true,
  // The plot's owner handles the pointer: it zooms and moves as well.
  events: [],
  plugins: { legend: { display: false }, tooltip: { enabled: false } },
};

const HIDDEN = { type: 'linear' as const, display: false };

function optionsOf(colours: Colours, right: number, bottom: number) {
  const axis = (hasGrid: boolean) => axisColours(colours, hasGrid);
  return {
    ...BARE,
    layout: { padding: { right, bottom } },
    scales: {
      x: {
        type: 'linear' as const,
        afterBuildTicks: buildTimeTicks,
        ticks: { maxRotation: 0, callback: timeTick, color: colours.soft },
        ...axis(false),
      },
      y: {
        type: 'linear' as const,
        afterFit: (scale: { width: number }) => (scale.width = LEFT),
        afterBuildTicks: (scale: { max: number; ticks: { value: number }[] }) => {
          scale.ticks = ROOT_TICKS.filter((times) => rootOf(times) <= scale.max).map((times) => ({
            value: rootOf(times),
          }));
        },
        ticks: {
          autoSkip: false,
          callback: (value: number | string) => String(Math.round(Number(value) ** 2 * 10) / 10),
          color: colours.soft,
        },
        ...axis(true),
      },
    },
  };
}

function shownOptions(data: TimelineData, colours: Colours, space: number, annotations: AnnotationOptions[]) {
  const { view, places, course, calendar } = data;
  const options = optionsOf(colours, space, calendar ? STRIP.high + STRIP.gap : 0);
  const highest = places.reduce((most, place) => Math.max(most, course.times[place]!), 0);
  const top = TOPS.find((top) => top >= highest) ?? highest * 1.1;
  Object.assign(options.scales.x, { min: view.from, max: view.to });
  Object.assign(options.scales.y, { min: BOTTOM, max: rootOf(top) });
  return { ...options, plugins: { ...options.plugins, annotation: { clip: false, annotations } } };
}

function datasetOf(data: TimelineData, colours: Colours): ChartDataset<'line', Point[]> {
  const { course } = data;
  const verdictAt = (raw: unknown) => {
    const place = (raw as Point | undefined)?.place;
    return typeof place === 'number' ? verdictOf(course.jobs[place]!) : null;
  };
  const isDense = data.places.length > 400;
  return {
    data: pointsOf(data),
    borderColor: colours.ink,
    borderWidth: 1.5,
    tension: 0,
    pointBorderWidth: 0,
    pointBackgroundColor: ({ raw }) => {
      const verdict = verdictAt(raw);
      return verdict === 'warning' || verdict === 'drift' ? colours[verdict] : colours.normal;
    },
    // Shape as well as colour: a circle, a triangle, a square, as everywhere else on the page.
    pointStyle: ({ raw }) => {
      const verdict = verdictAt(raw);
      return verdict === 'drift' ? 'rect' : verdict === 'warning' ? 'triangle' : 'circle';
    },
    pointRadius: ({ raw }) => (verdictAt(raw) === 'normal' ? (isDense ? 1 : 2.5) : isDense ? 2.5 : 4),
  };
}

/** The places as points, with an empty one wherever the line is broken. */
function pointsOf({ course, places, usualStep }: TimelineData): Point[] {
  const { at, times } = course;
  const longest = longestStep(usualStep);
  const points: Point[] = [];
  let before: number | null = null;
  for (const place of places) {
    if (before !== null && isBroken(course, before, place, longest)) {
      points.push({ x: (at[before]! + at[place]!) / 2, y: Number.NaN, place: null });
    }
    points.push({ x: at[place]!, y: rootOf(times[place]!), place });
    before = place;
  }
  return points;
}

/** Both limits with their bands, and a line at each flag. */
function annotationsOf(
  { course, flags, view }: TimelineData,
  colours: Colours,
  { isNarrow, space }: { readonly isNarrow: boolean; readonly space: number },
): AnnotationOptions[] {
  const newest = course.jobs.at(-1);
  const warning = rootOf(newest ? warningOf(newest) : 0.5);
  const band = (yMin: number, yMax: number | undefined, backgroundColor: string): AnnotationOptions => ({
    type: 'box',
    yMin,
    ...(yMax === undefined ? {} : { yMax }),
    backgroundColor,
    borderWidth: 0,
    drawTime: 'beforeDatasetsDraw',
  });
  const named = (name: string) => (isNarrow ? '' : name);
  return [
    band(warning, 1, colours.warningWash),
    band(1, undefined, colours.driftWash),
    limitLine(warning, named(timelineWords.warning), colours.warning, { yAdjust: 7, space }),
    limitLine(1, named(timelineWords.drift), colours.drift, { yAdjust: -7, space }),
    ...flags
      .filter(({ at }) => at >= view.from && at <= view.to)
      .map((flag): AnnotationOptions => ({
        type: 'line',
        xMin: flag.at,
        xMax: flag.at,
        borderColor: flag.kind === 'cleaned' ? colours.accent : colours.soft,
        borderWidth: flag.kind === 'cleaned' ? 2 : 1,
        borderDash: flag.kind === 'cleaned' ? [] : [2, 3],
      })),
  ];
}

/** The names of the flags, for a picture without the page around it. */
function namesOf({ flags, view }: TimelineData, colours: Colours): AnnotationOptions[] {
  return flags
    .filter(({ at }) => at >= view.from && at <= view.to)
    .map((flag, i): AnnotationOptions => ({
      type: 'label',
      xValue: flag.at,
      yValue: ({ chart }) => chart.scales['y']!.max,
      yAdjust: -10 - 14 * (i % 2),
      content: flagName(flag),
      color: colours.ink,
      font: { size: 12 },
    }));
}

/** Drawn beside lines and points: the prediction below them, the strip under the axis. */
function drawings(data: () => TimelineData | null, themed: HTMLCanvasElement, foot = 0): Plugin<'line'>[] {
  return [
    {
      id: 'forecast',
      beforeDatasetsDraw: (chart) => {
        const shown = data();
        if (shown?.forecast) drawForecast(chart, shown, shown.forecast, plotColours(themed).soft);
      },
    },
    {
      id: 'calendar',
      afterDraw: (chart) => {
        const shown = data();
        if (shown?.calendar) {
          drawCalendar(chart, shown.calendar, plotColours(themed), chart.height - foot - STRIP.high);
        }
      },
    },
  ];
}

/** Dashes from the newest distance to the drift limit, in a wedge to where the 95 % band crosses it. */
function drawForecast(
  { ctx, chartArea, scales: { x, y } }: Chart<'line'>,
  { course }: TimelineData,
  { now, perDayBand, reaches }: Rising,
  colour: string,
): void {
  const last = course.jobs.at(-1);
  if (!x || !y || !last) return;
  const limit = last.thresholds.drift;
  type Place = readonly [at: number, distance: number];
  const trace = (points: readonly Place[]) => {
    ctx.beginPath();
    for (const [i, [at, distance]] of points.entries()) {
      const [fromAt, from] = points[i - 1] ?? [at, distance];
      for (let step = 1; step <= CURVE_STEPS; step += 1) {
        const share = step / CURVE_STEPS;
        ctx.lineTo(
          x.getPixelForValue(fromAt + share * (at - fromAt)),
          y.getPixelForValue(rootOf((from + share * (distance - from)) / limit)),
        );
      }
    }
  };
  const begin = [last.capturedAt, now] as const;
  const slowest = now + (perDayBand[0] * (x.max - last.capturedAt)) / DAY;
  ctx.save();
  ctx.beginPath();
  ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
  ctx.clip();
  ctx.fillStyle = ctx.strokeStyle = colour;
  ctx.globalAlpha = 0.2;
  trace([
    begin,
    [reaches.earliest, limit],
    reaches.latest === null ? [x.max, limit] : [reaches.latest, limit],
    ...(reaches.latest === null ? [[x.max, slowest] as const] : []),
    begin,
  ]);
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.lineWidth = 1.5;
  ctx.setLineDash([3, 4]);
  trace([begin, [reaches.at, limit]]);
  ctx.stroke();
  ctx.restore();
}

/** Each hour of each day, on the plot's own axis of time; what no snapshot is of stays blank. */
function drawCalendar(
  { ctx, chartArea, scales: { x } }: Chart<'line'>,
  { days, cells }: Calendar,
  colours: Colours,
  top: number,
): void {
  if (!x) return;
  const high = STRIP.high / 24;
  ctx.save();
  ctx.beginPath();
  ctx.rect(chartArea.left, top, chartArea.width, STRIP.high);
  ctx.clip();
  for (const { from, hour, grade } of cells) {
    const { tone, share } = SHADES[grade];
    const [left, right] = [x.getPixelForValue(from), x.getPixelForValue(from + days * DAY)];
    ctx.globalAlpha = share;
    ctx.fillStyle = colours[tone];
    ctx.fillRect(
      left,
      top + hour * high,
      Math.max(right - left - (right - left > 6 ? 1.5 : 0), 1),
      high + 0.3,
    );
  }
  ctx.restore();
  ctx.save();
  ctx.strokeStyle = colours.line;
  ctx.strokeRect(chartArea.left, top, chartArea.width, STRIP.high);
  ctx.fillStyle = colours.soft;
  ctx.font = `12px ${Chart.defaults.font.family ?? ''}`;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  for (const [hour, place] of [
    [timelineWords.firstHour, 6],
    ['12', STRIP.high / 2],
    ['24', STRIP.high - 6],
  ] as const) {
    ctx.fillText(hour, chartArea.left - 8, top + place);
  }
  ctx.restore();
}
