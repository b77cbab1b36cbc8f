import { Chart, type Plugin } from 'chart.js';
import { scaledDistance } from '../domain/camera/spoken';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { limit, threeDigits, utc } from '../i18n/format';
import { t } from '../i18n/messages';
import type { Gap } from '../session/history';
import { verdictOf, type CameraEvent, type CompletedJob } from '../domain/camera/job';
import { DEFAULT_THRESHOLDS } from '../domain/drift/thresholds';
import type { Rising } from '../domain/drift/trend';
import {
  axisColours,
  buildTimeTicks,
  coloursOf,
  labelStyleOf,
  limitLine,
  numberTick,
  onTheme,
  timeTick,
  type Colours,
  type LabelStyle,
} from './plot-style';

const DAY = 86_400_000;

interface PlotData {
  /** scored jobs in capture order */
  readonly jobs: readonly CompletedJob[];
  readonly events: readonly CameraEvent[];
  /** where the line is broken */
  readonly gaps: readonly Gap[];
  /** how the distance goes on; null when that can't be told */
  readonly forecast: Rising | null;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly job: CompletedJob | null;
}

/** The distance over capture time in UTC, with both limits, their bands and what happened to the camera. */
export class DistancePlot {
  readonly #chart: Chart<'line', Point[]>;
  readonly #canvas: HTMLCanvasElement;
  readonly #forgetTheme: () => void;
  #data: PlotData = { jobs: [], events: [], gaps: [], forecast: null };

  /** Dashes from the newest distance to the drift limit, in a wedge to where the 95 % band crosses it. */
  readonly #forecast: Plugin<'line'> = {
    id: 'forecast',
    beforeDatasetsDraw: ({ ctx, chartArea, scales: { x, y } }) => {
      const { jobs, forecast } = this.#data;
      const last = jobs.at(-1);
      if (!x || !y || !last || !forecast) return;
      const { now, perDayBand, reaches } = forecast;
      const limit = last.thresholds.drift;
      const draw = (points: readonly (readonly [at: number, distance: number])[]) => {
        ctx.beginPath();
        for (const [at, distance] of points) ctx.lineTo(x.getPixelForValue(at), y.getPixelForValue(distance));
      };
      const begin = [last.capturedAt, now] as const;
      const slowest = now + (perDayBand[0] * (x.max - last.capturedAt)) / DAY;
      ctx.save();
      ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
      ctx.clip();
      ctx.fillStyle = ctx.strokeStyle = coloursOf(this.#canvas).soft;
      ctx.globalAlpha = 0.2;
      draw([
        begin,
        [reaches.earliest, limit],
        reaches.latest === null ? [x.max, limit] : [reaches.latest, limit],
        ...(reaches.latest === null ? [[x.max, slowest] as const] : []),
      ]);
      ctx.fill();
      ctx.globalAlpha = 1;
      ctx.lineWidth = 1.5;
      ctx.setLineDash([3, 4]);
      draw([begin, [reaches.at, limit]]);
      ctx.stroke();
      ctx.restore();
    },
  };

  constructor(canvas: HTMLCanvasElement, onOpen: (job: CompletedJob) => void) {
    this.#canvas = canvas;
    this.#chart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      plugins: [this.#forecast],
      data: { datasets: [{ data: [], borderWidth: 2, tension: 0, pointHitRadius: 14, pointHoverRadius: 7 }] },
      options: {
        animation: false,
        maintainAspectRatio: false,
        layout: { padding: { right: labelStyleOf(canvas).space } },
        parsing: false,
        normalized: true,
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
        onClick: (_event, elements) => {
          const point = this.#chart.data.datasets[0]?.data[elements[0]?.index ?? -1];
          if (point?.job) onOpen(point.job);
        },
        scales: {
          x: {
            type: 'linear',
            afterBuildTicks: buildTimeTicks,
            ticks: { maxRotation: 0, callback: timeTick },
          },
          y: { ticks: { maxTicksLimit: 6, includeBounds: false, callback: numberTick } },
        },
        plugins: {
          // Another plot may have registered it for its pictures.
          legend: { display: false },
          tooltip: {
            displayColors: false,
            callbacks: {
              title: ([item]) => utc(item?.parsed.x ?? 0),
              label: (item) => threeDigits(item.parsed.y ?? 0),
              afterLabel: (item) => (item.raw as Point).job?.imageName ?? '',
            },
          },
        },
      },
    });
    this.#forgetTheme = onTheme(() => {
      this.show(this.#data);
    });
  }

  show(data: PlotData): void {
    this.#data = data;
    const colours = coloursOf(this.#canvas);
    const dataset = this.#chart.data.datasets[0];
    if (!dataset) return;
    dataset.data = pointsOf(data);
    dataset.borderColor = colours.ink;
    const byVerdict = {
      'warming-up': colours.ink,
      normal: colours.ink,
      warning: colours.warning,
      drift: colours.drift,
    };
    dataset.pointBackgroundColor = (context) => {
      const verdict = verdictOfPoint(context.raw);
      return verdict ? byVerdict[verdict] : colours.ink;
    };
    // Shape as well as colour: a circle, a triangle, a square, as everywhere else on the page.
    dataset.pointStyle = (context) => {
      const verdict = verdictOfPoint(context.raw);
      return verdict === 'drift' ? 'rect' : verdict === 'warning' ? 'triangle' : 'circle';
    };
    dataset.pointBorderWidth = 0;
    dataset.pointRadius = (context) => (verdictOfPoint(context.raw) === 'normal' ? 2 : 4);

    const thresholds = data.jobs.at(-1)?.thresholds ?? DEFAULT_THRESHOLDS;
    const highest = data.jobs.reduce((most, job) => Math.max(most, scaledDistance(job) ?? 0), 0);
    const lowest = data.jobs.reduce((least, job) => Math.min(least, scaledDistance(job) ?? 0), 0);
    const options = this.#chart.options;
    const [x, y] = [options.scales?.['x'], options.scales?.['y']];
    if (x && y) {
      for (const scale of [x, y]) {
        Object.assign(scale, axisColours(colours, scale === y));
        if (scale.ticks) scale.ticks.color = colours.soft;
      }
      // Room below zero, where half of the clean distances are.
      y.min = Math.min(lowest * 1.2, -0.08 * Math.max(thresholds.drift * 1.6, highest));
      y.max = Math.max(thresholds.drift * 1.6, highest * 1.25);
      const [first, last] = [data.jobs[0]?.capturedAt, data.jobs.at(-1)?.capturedAt];
      if (first !== undefined && last !== undefined) {
        const end = data.forecast?.reaches.at ?? last;
        const margin = Math.max((end - first) * 0.01, 1_800_000);
        x.min = first - margin;
        x.max = end + margin;
      }
    }
    if (options.plugins) {
      const label = labelStyleOf(this.#canvas);
      options.layout = { padding: { right: label.space } };
      options.plugins.annotation = {
        clip: false,
        annotations: annotationsOf(data, thresholds, colours, label),
      };
    }
    this.#chart.update('none');
  }

  destroy(): void {
    this.#forgetTheme();
    this.#chart.destroy();
  }
}

/** Both limits with their bands, and what happened to the camera. */
function annotationsOf(
  data: PlotData,
  thresholds: { warning: number; drift: number },
  colours: Colours,
  label: LabelStyle,
): AnnotationOptions[] {
  const band = (yMin: number, yMax: number | undefined, backgroundColor: string): AnnotationOptions => ({
    type: 'box',
    yMin,
    ...(yMax === undefined ? {} : { yMax }),
    backgroundColor,
    borderWidth: 0,
    drawTime: 'beforeDatasetsDraw',
  });
  const named = (value: number, name: (facts: { readonly value: number }) => string) =>
    label.isNarrow ? limit(value) : name({ value });
  const [first, last] = [data.jobs[0]?.capturedAt ?? 0, data.jobs.at(-1)?.capturedAt ?? 0];
  const inView = data.events.filter(({ at }) => at >= first && at <= last);
  const markers = inView.map((event): AnnotationOptions => ({
    type: 'line',
    xMin: event.at,
    xMax: event.at,
    borderColor: colours.accent,
    borderWidth: 2,
    label: {
      display: true,
      content: t.chart.events[event.kind],
      position: 'end',
      backgroundColor: colours.accent,
      color: colours.accentInk,
      font: { size: 12 },
    },
  }));
  // One name above its line and one below, so that they don't hide each other.
  const { space } = label;
  const { warning, drift } = colours;
  return [
    band(thresholds.warning, thresholds.drift, colours.warningWash),
    band(thresholds.drift, undefined, colours.driftWash),
    limitLine(thresholds.warning, named(thresholds.warning, t.chart.warning), warning, { yAdjust: 7, space }),
    limitLine(thresholds.drift, named(thresholds.drift, t.chart.drift), drift, { yAdjust: -7, space }),
    ...markers,
  ];
}

/** The jobs as points, with an empty one wherever the camera paused too long for a line. */
function pointsOf({ jobs, gaps }: PlotData): Point[] {
  const points: Point[] = [];
  let next = 0;
  for (const job of jobs) {
    for (; (gaps[next]?.[1] ?? Infinity) <= job.capturedAt; next += 1) {
      const [before, after] = gaps[next]!;
      points.push({ x: (before + after) / 2, y: Number.NaN, job: null });
    }
    points.push({ x: job.capturedAt, y: scaledDistance(job) ?? Number.NaN, job });
  }
  return points;
}

/** Chart.js asks for the style of a whole line too, with no point at hand. */
function verdictOfPoint(raw: unknown) {
  const job = (raw as Point | undefined)?.job;
  const verdict = job ? verdictOf(job) : null;
  return verdict === 'not-checked' ? null : verdict;
}
