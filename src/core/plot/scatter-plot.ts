import {
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
  Title,
  Tooltip,
  type ActiveElement,
  type ChartConfiguration,
  type ChartDataset,
  type Plugin,
  type PointStyle,
  type Scale,
  type ScaleOptions,
  type Tick,
} from 'chart.js';
import { limit, threeDigits, utc } from '../i18n/format';
import { tickNumber } from '../i18n/tick-format';
import { plotWords } from '../../words/plot';
import { verdictWords } from '../../words/verdict';
import type { LimitCourse, RecordPoint, RecordStatus } from '../domain/camera/plot-point';
import { timeTicks } from './chart';
import { pngOf } from './chart-png';

Chart.register(
  ScatterController,
  LineController,
  LineElement,
  PointElement,
  LinearScale,
  Legend,
  Title,
  Tooltip,
);
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

/** pixels right of a plot for the names of the limits; on a phone for their numbers alone */
const LABEL_SPACE = { wide: 92, narrow: 36 };
const NARROW = 520;
const PICTURE = { width: 1280, height: 720, scale: 2 };
const STATUSES = ['normal', 'warming-up', 'not-checked', 'warning', 'drift'] as const;
/** The shapes of VerdictShape, as Chart.js draws them. */
const SHAPES: Readonly<Record<RecordStatus, PointStyle>> = {
  normal: 'circle',
  warning: 'triangle',
  drift: 'rect',
  'warming-up': 'circle',
  'not-checked': 'crossRot',
};
/** Statuses that are drawn as outlines: they say nothing of the lens. */
const HOLLOW: ReadonlySet<RecordStatus> = new Set(['warming-up', 'not-checked']);

export type ScatterAxis = { readonly key: string; readonly name: string } & (
  | { readonly kind: 'number' }
  | {
      /** milliseconds since 1970 */
      readonly kind: 'time';
      /** the name with the days that are in view */
      readonly span: (from: number, to: number) => string;
    }
);

export interface Limits {
  readonly warning: LimitCourse;
  readonly drift: LimitCourse;
}

export interface ScatterData<R> {
  /** from left to right */
  readonly points: readonly RecordPoint<R>[];
  readonly x: ScatterAxis;
  readonly y: ScatterAxis;
  readonly limits: Limits;
}

interface Collaborators<R> {
  readonly nameOf: (record: R) => string;
  readonly onOpen: (record: R) => void;
}

/** A record's place, or with nulls a place on the course of a limit. */
interface Point<R> {
  readonly x: number;
  readonly y: number;
  readonly status: RecordStatus | null;
  readonly record: R | null;
}

type Kind = 'scatter' | 'line';
type Datasets<R> = ChartDataset<Kind, Point<R>[]>[];

/** Records as points along two of their numbers, coloured and shaped by status, with the limits they carry. */
export class ScatterPlot<R> {
  readonly #canvas: HTMLCanvasElement;
  readonly #chart: Chart<Kind, Point<R>[]>;
  readonly #nameOf: (record: R) => string;
  readonly #forgetTheme: () => void;
  readonly #onClick: (elements: readonly ActiveElement[]) => void;
  #data: ScatterData<R> | null = null;
  #lines: readonly LimitLine[] = [];
  #marked: R | null = null;

  constructor(canvas: HTMLCanvasElement, { nameOf, onOpen }: Collaborators<R>) {
    this.#canvas = canvas;
    this.#nameOf = nameOf;
    const again = () => {
      if (this.#data) this.show(this.#data);
    };
    this.#chart = new Chart<Kind, Point<R>[]>(canvas, {
      type: 'scatter',
      plugins: [onOtherStyle(canvas, again), limitLines(() => this.#lines)],
      data: { datasets: [] },
      // As in every later configuration: the canvas gets its size now.
      options: { animation: false, maintainAspectRatio: false },
    });
    this.#onClick = (elements) => {
      const [hit] = elements;
      const point = hit && this.#chart.data.datasets[hit.datasetIndex]?.data[hit.index];
      if (point?.record) onOpen(point.record);
    };
    this.#forgetTheme = onTheme(again);
  }

  show(data: ScatterData<R>): void {
    this.#data = data;
    const colours = plotColours(this.#canvas);
    const config = configOf(data, this.#nameOf, colours, labelStyleOf(this.#canvas));
    this.#lines = config.lines;
    this.#chart.data = config.data;
    this.#chart.options = {
      ...config.options,
      onClick: (_event, elements) => {
        this.#onClick(elements);
      },
    };
    this.#chart.update('none');
    // Chart.js knows the points once it has drawn them.
    if (this.#marked !== null) this.#drawMark();
  }

  /** Marks a record's point, with its label beside it; null, or a record without one, unmarks what is marked. */
  mark(record: R | null): void {
    if (record === this.#marked) return;
    this.#marked = record;
    this.#drawMark();
  }

  #drawMark(): void {
    const marked = this.#chart.data.datasets.flatMap(({ data }, datasetIndex) => {
      const index = this.#marked === null ? -1 : data.findIndex(({ record }) => record === this.#marked);
      return index < 0 ? [] : [{ datasetIndex, index }];
    });
    this.#chart.setActiveElements(marked);
    this.#chart.tooltip?.setActiveElements(marked, { x: 0, y: 0 });
    this.#chart.update('none');
  }

  /** The plot as a PNG file of its own: with a title, a legend and the theme's background. */
  async png(title: string): Promise<Blob> {
    if (!this.#data) throw new Error('nothing was shown yet');
    const colours = plotColours(this.#canvas);
    const canvas = document.createElement('canvas');
    const {
      data,
      options = {},
      lines,
    } = configOf(this.#data, this.#nameOf, colours, {
      isNarrow: false,
      space: 92,
    });
    const background: Plugin<Kind> = {
      id: 'background',
      beforeDraw: ({ ctx, width, height }) => {
        ctx.fillStyle = colours.surface;
        ctx.fillRect(0, 0, width, height);
      },
    };
    const chart = new Chart<Kind, Point<R>[]>(canvas, {
      type: 'scatter',
      data,
      plugins: [background, limitLines(() => lines)],
      options: {
        ...options,
        responsive: false,
        devicePixelRatio: PICTURE.scale,
        layout: { padding: { top: 16, bottom: 16, left: 20, right: 110 } },
        plugins: {
          ...options.plugins,
          title: { display: true, text: title, color: colours.ink, font: { size: 18 } },
          legend: { display: true, labels: { usePointStyle: true, boxHeight: 8, color: colours.ink } },
        },
      },
    });
    chart.resize(PICTURE.width, PICTURE.height);
    chart.update('none');
    const blob = await pngOf(canvas);
    chart.destroy();
    return blob;
  }

  destroy(): void {
    this.#forgetTheme();
    this.#chart.destroy();
  }
}

function configOf<R>(
  { points, x, y, limits }: ScatterData<R>,
  nameOf: (record: R) => string,
  colours: Colours,
  label: LabelStyle,
): ChartConfiguration<Kind, Point<R>[]> & { readonly lines: readonly LimitLine[] } {
  const lines: LimitLine[] = [];
  const courses: Datasets<R> = [];
  // One name above its line and one below, so that they don't hide each other.
  const limitStyles = {
    warning: { color: colours.warning, down: 7 },
    drift: { color: colours.drift, down: -7 },
  };
  for (const name of ['warning', 'drift'] as const) {
    const course = limits[name];
    const style = limitStyles[name];
    if (typeof course === 'number') {
      const text = label.isNarrow ? limit(course) : plotWords[name]({ distance: course });
      lines.push({ at: course, text, ...style, space: label.space });
    } else if (course) courses.push(courseOf(plotWords.limits[name], course, style.color));
  }
  const hasNames = lines.length > 0;
  return {
    lines,
    type: 'scatter',
    data: { datasets: [...statusDatasets(points, colours), ...courses] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      layout: { padding: { top: 8, right: hasNames ? label.space : 12 } },
      interaction: { mode: 'nearest', axis: 'xy', intersect: true },
      scales: {
        x: scaleOf(
          x,
          points.map((point) => point.x),
          colours,
          { hasGrid: false },
        ),
        y: scaleOf(
          y,
          withLimits(
            points.map((point) => point.y),
            limits,
          ),
          colours,
          { hasGrid: true },
        ),
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          displayColors: false,
          filter: (item) => (item.raw as Point<R>).record !== null,
          callbacks: {
            title: ([item]) => (item ? valueText(x, item.parsed.x ?? 0) : ''),
            label: (item) => tooltipOf(y, item.raw as Point<R>),
            afterLabel: (item) => {
              const { record } = item.raw as Point<R>;
              return record === null ? '' : nameOf(record);
            },
          },
        },
      },
    },
  };
}

function statusDatasets<R>(points: readonly RecordPoint<R>[], colours: Colours): Datasets<R> {
  const byStatus = {
    normal: colours.normal,
    warning: colours.warning,
    drift: colours.drift,
    'warming-up': colours.unknown,
    'not-checked': colours.unknown,
  };
  // Those that matter most are drawn last, on top of the others; a dataset that comes later lies below.
  return STATUSES.flatMap((status): Datasets<R> => {
    const data = points.filter((point) => point.status === status);
    if (data.length === 0) return [];
    const isHollow = HOLLOW.has(status);
    return [
      {
        // A line without its line: Chart.js shares the style of its points, and works out each point's of a scatter.
        type: 'line',
        showLine: false,
        label: verdictWords.words[status],
        data,
        order: STATUSES.length - STATUSES.indexOf(status),
        pointStyle: SHAPES[status],
        pointRadius: status === 'normal' ? 4 : 5.5,
        pointHoverRadius: 8,
        pointHitRadius: 14,
        borderColor: byStatus[status],
        borderWidth: isHollow ? 2 : 0,
        backgroundColor: isHollow ? 'transparent' : byStatus[status],
      },
    ];
  });
}

/** A limit that differs between the records: it holds from each of them to the next. */
function courseOf<R>(
  name: string,
  course: readonly { x: number; y: number }[],
  color: string,
): Datasets<R>[number] {
  return {
    type: 'line',
    label: name,
    data: course.map(({ x, y }) => ({ x, y, status: null, record: null })),
    order: STATUSES.length + 1,
    stepped: 'before',
    borderColor: color,
    borderWidth: 1.5,
    borderDash: [6, 6],
    pointStyle: 'line',
    pointRadius: 0,
    pointHitRadius: 0,
  };
}

function withLimits(values: readonly number[], { warning, drift }: Limits): number[] {
  return [...values, ...[warning, drift].filter((course) => typeof course === 'number')];
}

function scaleOf(
  axis: ScatterAxis,
  values: readonly number[],
  colours: Colours,
  { hasGrid }: { readonly hasGrid: boolean },
): ScaleOptions<'linear'> {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const isTime = axis.kind === 'time';
  const margin = (high - low) * (hasGrid ? 0.08 : 0.02) || (isTime ? 1_800_000 : Math.abs(high) * 0.1 || 1);
  const text = axis.kind === 'time' ? axis.span(low, high) : axis.name;
  const title = { display: true, text, color: colours.soft };
  const ticks = {
    color: colours.soft,
    maxRotation: 0,
    includeBounds: false,
    maxTicksLimit: 8,
    callback: (value: number | string, i: number, all: readonly Tick[]) =>
      isTime ? all[i]?.label : tickNumber(Number(value), (all[1]?.value ?? 0) - (all[0]?.value ?? 0)),
  };
  return {
    type: 'linear',
    min: low - margin,
    max: high + margin,
    title,
    ...(isTime && { afterBuildTicks: buildTimeTicks }),
    ...axisColours(colours, hasGrid),
    ticks,
  };
}

function valueText(axis: ScatterAxis, value: number): string {
  return axis.kind === 'time' ? utc(value) : `${axis.name} ${threeDigits(value)}`;
}

function tooltipOf<R>(axis: ScatterAxis, point: Point<R>): string {
  const text = valueText(axis, point.y);
  return point.status === null ? text : `${text}, ${verdictWords.words[point.status]}`;
}

interface LabelStyle {
  readonly isNarrow: boolean;
  readonly space: number;
}

type Colours = ReturnType<typeof plotColours>;

/** The theme's colours, as the canvas inherits them. */
function plotColours(canvas: HTMLCanvasElement) {
  const style = getComputedStyle(canvas);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: token('--ink'),
    soft: token('--ink-soft'),
    line: token('--line'),
    surface: token('--surface'),
    accent: token('--accent'),
    accentInk: token('--accent-ink'),
    normal: token('--normal'),
    warning: token('--warning'),
    warningWash: token('--warning-wash'),
    drift: token('--drift'),
    driftWash: token('--drift-wash'),
    unknown: token('--unknown'),
  };
}

/** Calls back whenever the page gets another theme. @returns what ends it */
function onTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    observer.disconnect();
  };
}

function labelStyleOf(canvas: HTMLCanvasElement): LabelStyle {
  const isNarrow = canvas.clientWidth < NARROW;
  return { isNarrow, space: isNarrow ? LABEL_SPACE.narrow : LABEL_SPACE.wide };
}

/** Calls back whenever the canvas has become narrow, or wide again: labels have other places then. @returns for its chart */
function onOtherStyle(canvas: HTMLCanvasElement, changed: () => void): Plugin {
  let { isNarrow } = labelStyleOf(canvas);
  return {
    id: 'other-style',
    resize: () => {
      const now = labelStyleOf(canvas);
      if (now.isNarrow === isNarrow) return;
      isNarrow = now.isNarrow;
      changed();
    },
  };
}

/** The theme's colours for an axis's own lines; its ticks are `soft`. */
function axisColours({ line }: Colours, hasGrid: boolean) {
  return { grid: { color: line, display: hasGrid }, border: { color: line } };
}

/** A limit across the plot. */
interface LimitLine {
  readonly at: number;
  /** beside the plot, so that it hides no point */
  readonly text: string;
  readonly color: string;
  /** pixels from the line down to the middle of its text, and from the plot to its right end */
  readonly down: number;
  readonly space: number;
}

function limitLines(lines: () => readonly LimitLine[]): Plugin<Kind> {
  return {
    id: 'limit-lines',
    afterDatasetsDraw: ({ ctx, chartArea: { left, right }, scales }) => {
      ctx.save();
      Object.assign(ctx, { lineWidth: 1.5, textAlign: 'right', textBaseline: 'middle' });
      ctx.font = `bold 12px ${Chart.defaults.font.family ?? ''}`;
      ctx.setLineDash([6, 6]);
      for (const { at, text, color, down, space } of lines()) {
        const y = scales['y']!.getPixelForValue(at);
        Object.assign(ctx, { strokeStyle: color, fillStyle: color });
        ctx.beginPath();
        ctx.moveTo(left, y);
        ctx.lineTo(right, y);
        ctx.stroke();
        ctx.fillText(text, right + space, y + down);
      }
      ctx.restore();
    },
  };
}

/** Ticks at round times in UTC, for an axis in milliseconds. */
function buildTimeTicks(axis: Scale): void {
  const length = axis.isHorizontal() ? axis.width / 110 : axis.height / 50;
  const count = Math.max(2, Math.floor(length));
  axis.ticks = timeTicks({ from: axis.min, to: axis.max }, count).map(({ at, text }) => ({
    value: at,
    label: text,
  }));
}
