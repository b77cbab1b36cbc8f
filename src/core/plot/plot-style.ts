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
  type Plugin,
  type Scale,
} from 'chart.js';
import annotationPlugin, { type AnnotationOptions } from 'chartjs-plugin-annotation';
import { utcTicks } from 'd3-time';
import { numeral, tickDay, utcTime } from '../i18n/format';

Chart.register(
  ScatterController,
  LineController,
  LineElement,
  PointElement,
  LinearScale,
  Legend,
  Title,
  Tooltip,
  annotationPlugin,
);
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

const DAY = 86_400_000;
/** pixels right of a plot for the names of the limits; on a phone for their numbers alone */
const LABEL_SPACE = { wide: 92, narrow: 36 };
const NARROW = 520;

export interface LabelStyle {
  readonly isNarrow: boolean;
  readonly space: number;
}

export type Colours = ReturnType<typeof plotColours>;

/** The theme's colours, as the canvas inherits them. */
export function plotColours(canvas: HTMLCanvasElement) {
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
export function onTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    observer.disconnect();
  };
}

/** As a PNG file. @throws Error if the browser makes none, such as for one that is too large */
export async function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (!blob) throw new Error('the browser made no picture');
  return blob;
}

export function labelStyleOf(canvas: HTMLCanvasElement): LabelStyle {
  const isNarrow = canvas.clientWidth < NARROW;
  return { isNarrow, space: isNarrow ? LABEL_SPACE.narrow : LABEL_SPACE.wide };
}

/** Calls back whenever the canvas has become narrow, or wide again: labels have other places then. @returns for its chart */
export function onOtherStyle(canvas: HTMLCanvasElement, changed: () => void): Plugin {
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

/** Ticks at round times in UTC, for an axis in milliseconds. */
export function buildTimeTicks(axis: Scale): void {
  const length = axis.isHorizontal() ? axis.width / 110 : axis.height / 50;
  const count = Math.max(2, Math.floor(length));
  axis.ticks = utcTicks(new Date(axis.min), new Date(axis.max), count).map((date) => ({
    value: date.getTime(),
  }));
}

export function timeTick(value: number | string): string {
  return Number(value) % DAY === 0 ? tickDay(Number(value)) : utcTime(Number(value));
}

export function numberTick(value: number | string): string {
  return numeral(Number(Number(value).toPrecision(3)));
}

/** The theme's colours for an axis's own lines; its ticks are `soft`. */
export function axisColours({ line }: Colours, hasGrid: boolean) {
  return { grid: { color: line, display: hasGrid }, border: { color: line } };
}

/** A limit across the plot, its name beside it so that it hides no point. */
export function limitLine(
  value: number,
  content: string,
  color: string,
  { yAdjust, space }: { readonly yAdjust: number; readonly space: number },
): AnnotationOptions {
  return {
    type: 'line',
    yMin: value,
    yMax: value,
    borderColor: color,
    borderWidth: 1.5,
    borderDash: [6, 6],
    label: {
      display: true,
      content,
      position: 'end',
      color,
      backgroundColor: 'transparent',
      padding: 0,
      xAdjust: space,
      yAdjust,
      font: { size: 12 },
    },
  };
}
