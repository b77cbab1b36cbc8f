import { scaledDistance } from '../../core/domain/camera/spoken';
import { utcTicks } from 'd3-time';
import { verdictOf, type CameraEvent, type CompletedJob } from '../../core/domain/camera/job';
import { limit, threeDigits, utcDay, utcMonth, utcTime } from '../../core/i18n/format';
import { gapsOf, thinned } from '../../core/session/history';
import { t } from '../../core/i18n/messages';
import { r } from './messages-report';
import { html, plain, type Markup } from './markup';

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
/** Names of events closer than this share of the width would cover each other. */
const LABEL_SPACE = 0.16;
const SEVERITY = { normal: 0, 'warming-up': 1, warning: 2, drift: 3, 'not-checked': 0 } as const;
const STATES = [null, 'warming-up', 'warning', 'drift'] as const;

/** From data to the inside of the plot. */
interface Scales {
  readonly x: (at: number) => number;
  readonly y: (distance: number) => number;
  /** the distance at the upper edge */
  readonly top: number;
}

/**
 * The distances of one history over capture time: both limits as they were in force, shaded states, gaps, and what
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
  const scored = jobs.filter((job) => scaledDistance(job) !== null);
  const [first, last, from, to] = [scored[0], scored.at(-1), jobs[0], jobs.at(-1)];
  if (!first || !last || !from || !to) return null;
  const values = scored.map((job) => scaledDistance(job)!);
  const highest = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const lowest = values.reduce((least, value) => Math.min(least, value), Infinity);
  const drift = jobs.reduce((most, { thresholds }) => Math.max(most, thresholds.drift), 0);
  const top = Math.max(drift * 1.6, highest * 1.25);
  const bottom = Math.min(lowest * 1.2, -0.08 * top);
  const margin = Math.max((to.capturedAt - from.capturedAt) * 0.01, HOUR / 2);
  const begin = from.capturedAt - margin;
  const span = to.capturedAt + margin - begin;
  const scales: Scales = {
    x: (at) => round(((at - begin) / span) * WIDTH),
    y: (distance) => round(((top - distance) / (top - bottom)) * HEIGHT),
    top,
  };
  const gaps = gapsOf(jobs);
  const breaks = [...gaps, ...fillingsOf(jobs)].sort(([, a], [, b]) => a - b);
  const points = thinned(scored);
  const marked = events
    .filter(({ kind, at }) => kind !== 'note' && at >= begin && at <= begin + span)
    .slice(-MOST_MARKED);
  const summary = t.chart.summary({
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
    <title id="${id}-title">${t.chart.title}</title>
    <desc id="${id}-desc">
      ${plain(summary)} ${r.chart.drawn({ points: points.length, gaps: gaps.length, events: marked.length })}
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
      <path class="line" d="${line(points, breaks, scales)}" />
    </svg>
    ${labels(to, marked, [begin, begin + span], scales)}
  </svg>`;
}

/** Where a window filled between two distances. */
function fillingsOf(jobs: readonly CompletedJob[]): (readonly [number, number])[] {
  const fillings: (readonly [number, number])[] = [];
  let before: CompletedJob | null = null;
  let isFilling = false;
  for (const job of jobs) {
    if (scaledDistance(job) === null) isFilling = true;
    else {
      if (before && isFilling) fillings.push([before.capturedAt, job.capturedAt]);
      before = job;
      isFilling = false;
    }
  }
  return fillings;
}

/** The distances as one path, broken where none can be; a distance alone becomes a dot. */
function line(
  points: readonly CompletedJob[],
  breaks: readonly (readonly [number, number])[],
  { x, y }: Scales,
): string {
  let next = 0;
  return points
    .map((job, i) => {
      const { capturedAt } = job;
      // Breaks that end by now lie between this point and the one before: none ends twice.
      const passed = next;
      while (next < breaks.length && breaks[next]![1] <= capturedAt) next += 1;
      const place = `${x(capturedAt)} ${y(scaledDistance(job)!)}`;
      return i === 0 || next > passed ? `M${place}h0` : `L${place}`;
    })
    .join('');
}

/** Where the verdict was not normal: shaded, and a strip below whose height says it without colour. */
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
  const steps = jobs.filter(
    ({ thresholds }, i) => i === 0 || thresholds[which] !== jobs[i - 1]!.thresholds[which],
  );
  const drawn = thinned(steps);
  return `M0 ${y(drawn[0]!.thresholds[which])}${drawn
    .slice(1)
    .map((job) => `H${x(job.capturedAt)}V${y(job.thresholds[which])}`)
    .join('')}H${WIDTH}`;
}

/** What is written over the plot, in a place that is a share of its width. */
function labels(
  newest: CompletedJob,
  events: readonly CameraEvent[],
  [begin, end]: readonly [number, number],
  { x, y, top }: Scales,
): readonly Markup[] {
  const share = (at: number) => `${round((100 * x(at)) / WIDTH)}%`;
  const { warning, drift } = newest.thresholds;
  const ticks = utcTicks(new Date(begin), new Date(end), TICKS).map((date) => date.getTime());
  const isLong = end - begin > 300 * DAY;
  const ofTick = (at: number) =>
    isLong ? utcMonth(at) : at % DAY === 0 ? utcDay(at) : end - begin < 3 * DAY ? utcTime(at) : utcDay(at);
  let named = -Infinity;
  const names = events.flatMap(({ at, kind }) => {
    const place = x(at) / WIDTH;
    if (place - named < LABEL_SPACE) return [];
    named = place;
    const isRight = place > 1 - LABEL_SPACE;
    return [
      html`<text class="event-name" x="${share(at)}" y="14" dx="${isRight ? -5 : 5}" ${anchor(isRight)}
        >${t.chart.events[kind]}</text
      >`,
    ];
  });
  return [
    html`<text class="warning" x="100%" dx="6" y="${y(warning) + 11}"
      >${t.chart.warning({ value: warning })}</text
    >`,
    html`<text class="drift" x="100%" dx="6" y="${y(drift) - 2}">${t.chart.drift({ value: drift })}</text>`,
    html`<text class="soft" x="4" y="${y(0) + 14}">${limit(0)}</text>`,
    html`<text class="soft" x="4" y="14">${threeDigits(top)}</text>`,
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
