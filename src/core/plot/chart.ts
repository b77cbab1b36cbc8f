import { utcTicks } from 'd3-time';
import { html, Markup } from '../domain/files/markup';
import { tickDay, tickMonth, tickTime } from '../i18n/tick-format';
import type { ShownVerdict } from '../session/history/verdict-now';
import { VERDICT_SHAPES } from '../ui/verdict-shapes';

/** A colour of the theme by its token's name, or a pattern of the page as `url(#name)`. */
export type Paint = string;
/** On the axes of a chart. */
export type Spot = readonly [x: number, y: number];
type Span = readonly [from: number, to: number];

export interface Tick {
  readonly at: number;
  /** with a line break where it has two lines */
  readonly text: string;
  /** of which it is the word: its shape and colour stand with it */
  readonly verdict?: ShownVerdict;
}

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks?: readonly Tick[];
}

/** A part of a chart. An axis that is left out is covered from end to end. */
export type Layer =
  | {
      readonly kind: 'area';
      readonly x?: Span;
      readonly y?: Span;
      readonly fill: Paint;
      readonly opacity?: number;
      readonly stroke?: Paint;
      /** is shown to a pointer that rests on it */
      readonly title?: string;
    }
  | {
      readonly kind: 'line';
      /** a piece of one place is a dot */
      readonly pieces: readonly (readonly Spot[])[];
      readonly stroke?: Paint;
      readonly width?: number;
      readonly dash?: string;
      readonly opacity?: number;
      readonly fill?: Paint;
    }
  | {
      readonly kind: 'mark';
      readonly at: Spot;
      readonly verdict: ShownVerdict;
      readonly size: number;
      readonly isHollow?: boolean;
    }
  | {
      readonly kind: 'rule';
      readonly x?: number;
      readonly y?: number;
      readonly stroke: Paint;
      readonly width?: number;
      readonly dash?: string;
      /** on a flag above its upper end, right or left of it */
      readonly flag?: string | null;
      readonly isLeft?: boolean;
    }
  | {
      readonly kind: 'text';
      readonly at: Spot;
      readonly text: string;
      /** pixels right of its place, and below it */
      readonly move?: Spot;
      readonly anchor?: 'start' | 'middle' | 'end';
      readonly fill?: Paint;
      readonly isBold?: boolean;
    };

/** A chart without its width: it is drawn as wide as there is room. */
export interface Scene {
  /** a sentence that says what it shows; null for a drawing of what stands in words beside it */
  readonly label: string | null;
  /** pixels of the inside, and around it for what stands at the axes */
  readonly height: number;
  readonly around?: { top?: number; right?: number; bottom?: number; left?: number };
  readonly x: Axis;
  readonly y: Axis;
  /** the later ones cover the earlier ones */
  readonly layers: readonly Layer[];
}

const DAY = 86_400_000;
/** A longer time has months on its axis. */
const LONG = 300 * DAY;
/** Parts of the inside, in lines that are stretched to its width and height. */
const FINE = 1000;
const TEXT = 14;
const LINE = 17;
/** Pixels of a flag, and of a letter on it as far as anybody knows before it is drawn. */
const TARGET = 44;
const FLAG = { high: 26, letter: 7.8, inset: 10 };

/** A chart as SVG, which needs no style but the tokens: in the page, in a report, in a picture. */
export function chartMarkup(scene: Scene, place: Markup | null = null): Markup {
  const { label, height, x, y, layers } = scene;
  return html`<svg
    ${place ?? html`width="100%" height="${height}" display="block"`}
    overflow="visible"
    font-size="${TEXT}"
    ${label === null ? html`aria-hidden="true"` : html`role="img" aria-label="${label}"`}
  >
    <g aria-hidden="true">
      ${layers.map((layer) => drawn(layer, scene))}
      <g data-layer="axes">
        ${(x.ticks ?? []).map((tick) => below(tick, scene))}
        ${(y.ticks ?? []).map((tick) => beside(tick, scene))}
      </g>
    </g>
  </svg>`;
}

/** The pixels around the inside, as CSS's `padding`. */
export function paddingOf({ around: { top = 0, right = 0, bottom = 0, left = 0 } = {} }: Scene): string {
  return `${top}px ${right}px ${bottom}px ${left}px`;
}

/** A chart in a file, with the room around it. */
export function chartInFile(scene: Scene): Markup {
  return html`<div style="padding:${paddingOf(scene)}">${chartMarkup(scene)}</div>`;
}

/** Ticks at round times in UTC, no more than have room on a phone; those of one year say it once. */
export function timeTicks({ from, to }: Pick<Axis, 'from' | 'to'>, most = 4): readonly Tick[] {
  const round = utcTicks(new Date(from), new Date(to), most).map((date) => date.getTime());
  const step = Math.ceil(round.length / most);
  const instants = round.filter((_, i) => i % step === 0);
  const nameOf = (at: number) =>
    to - from > LONG ? tickMonth(at) : at % DAY === 0 ? tickDay(at) : tickTime(at, instants);
  const yearOf = (at: number) => new Date(at).getUTCFullYear();
  return instants.map((at, i) => {
    const isToldBefore = i > 0 && yearOf(instants[i - 1]!) === yearOf(at);
    return { at, text: isToldBefore ? nameOf(at).replace(/ \d{4}$/, '') : nameOf(at) };
  });
}

/** Bars beside each other, from zero up. */
export function histogram(
  counts: readonly number[],
  [from, to]: Span,
  fill: Paint = 'accent',
): readonly Layer[] {
  const step = (to - from) / counts.length;
  return counts.map((count, i) => ({
    kind: 'area' as const,
    x: [from + i * step, from + (i + 1) * step] as const,
    y: [0, count] as const,
    fill,
    stroke: 'surface',
  }));
}

function drawn(layer: Layer, scene: Scene): Markup | null {
  const { x, y } = scene;
  switch (layer.kind) {
    case 'area': {
      const [left, right] = within(layer.x ?? [x.from, x.to], x);
      const [low, high] = within(layer.y ?? [y.from, y.to], y);
      if (right <= left || high <= low) return null;
      const title = layer.title === undefined ? null : html`<title>${layer.title}</title>`;
      return html`<rect
        x="${percent(left)}"
        y="${percent(1 - high)}"
        width="${percent(right - left)}"
        height="${percent(high - low)}"
        fill="${paint(layer.fill)}"
        stroke="${paint(layer.stroke ?? 'none')}"
        opacity="${layer.opacity ?? 1}"
        >${title}</rect
      >`;
    }
    case 'line': {
      const fine = (share: number) => (FINE * share).toFixed(1);
      const at = ([across, up]: Spot) => `${fine(share(across, x))} ${fine(1 - share(up, y))}`;
      const path = layer.pieces
        .map((piece) => (piece.length === 1 ? `M${at(piece[0]!)}h0` : `M${piece.map(at).join('L')}`))
        .join('');
      return html`<svg width="100%" height="100%" viewBox="0 0 ${FINE} ${FINE}" preserveAspectRatio="none">
        <path
          data-layer="line"
          d="${path}"
          fill="${paint(layer.fill ?? 'none')}"
          stroke="${paint(layer.stroke ?? 'none')}"
          stroke-width="${layer.width ?? 2.5}"
          stroke-dasharray="${layer.dash ?? 'none'}"
          opacity="${layer.opacity ?? 1}"
          stroke-linejoin="round"
          stroke-linecap="round"
          vector-effect="non-scaling-stroke"
        />
      </svg>`;
    }
    case 'mark':
      return placed(layer.at, scene, shape(layer, [-layer.size / 2, -layer.size / 2]));
    case 'rule':
      return rule(layer, scene);
    case 'text':
      return placed(layer.at, scene, words(layer.text, layer));
  }
}

/** Pixels of a flag from the upper end of its line. */
function flagBox(text: string, isLeft: boolean) {
  const width = text.length * FLAG.letter + 2 * FLAG.inset;
  return { left: isLeft ? -width : 0, top: -FLAG.high - 6, width, height: FLAG.high };
}

/** As `flagBox`, for a finger: 44 pixels high and wide at least. */
export function flagTarget(text: string, isLeft: boolean) {
  const { left, top, width, height } = flagBox(text, isLeft);
  const [wider, higher] = [Math.max(0, TARGET - width), TARGET - height];
  return {
    left: isLeft ? left - wider : left,
    top: top - higher / 2,
    width: width + wider,
    height: TARGET,
  };
}

/** A limit across the chart, or an instant from its top to its bottom. */
function rule(layer: Layer & { kind: 'rule' }, { x, y }: Scene): Markup | null {
  const isUpright = layer.x !== undefined;
  const at = isUpright ? share(layer.x, x) : 1 - share(layer.y ?? 0, y);
  if (at < 0 || at > 1) return null;
  const { flag = null, isLeft = false, stroke, width = 2, dash = 'none' } = layer;
  const ends = isUpright
    ? html`y1="${flag === null ? 0 : -FLAG.high - 6}" y2="100%"`
    : html`x1="0" x2="100%"`;
  const box = flagBox(flag ?? '', isLeft);
  return html`<svg ${isUpright ? 'x' : 'y'}="${percent(at)}" overflow="visible">
    <line ${ends} stroke="${paint(stroke)}" stroke-width="${width}" stroke-dasharray="${dash}" />
    ${
      flag === null
        ? null
        : html`<rect
              x="${box.left}"
              y="${box.top}"
              width="${box.width}"
              height="${box.height}"
              rx="4"
              fill="${paint(stroke)}"
            /><text
              x="${box.left + FLAG.inset}"
              y="${-FLAG.high / 2 - 1}"
              textLength="${box.width - 2 * FLAG.inset}"
              lengthAdjust="spacingAndGlyphs"
              font-weight="600"
              fill="${paint(stroke === 'accent' ? 'accent-ink' : 'surface')}"
              >${flag}</text
            >`
    }
  </svg>`;
}

/** A word of the axis below the chart; the first and the last stay within its ends. */
function below({ at, text }: Tick, scene: Scene): Markup {
  const place = share(at, scene.x);
  const anchor = place < 0.04 ? 'start' : place > 0.96 ? 'end' : 'middle';
  return placed([at, scene.y.from], scene, words(text, { move: [0, 22], anchor }));
}

/** A word of the axis left of the chart, or of a verdict with its shape. */
function beside({ at, text, verdict }: Tick, scene: Scene): Markup {
  if (verdict === undefined)
    return placed([scene.x.from, at], scene, words(text, { move: [-10, 0], anchor: 'end' }));
  const left = -(scene.around?.left ?? 0);
  const of = words(text, { move: [left + 20, 0], fill: TONES[verdict], isBold: true });
  return placed([scene.x.from, at], scene, html`${shape({ verdict, size: 12 }, [left, -6])}${of}`);
}

function placed([x, y]: Spot, scene: Scene, content: Markup): Markup {
  const [across, down] = [share(x, scene.x), 1 - share(y, scene.y)];
  return html`<svg x="${percent(across)}" y="${percent(down)}" overflow="visible">${content}</svg>`;
}

function words(text: string, look: Partial<Layer & { kind: 'text' }>): Markup {
  const { move: [right, down] = [0, 0], anchor = 'start', fill = 'ink-soft', isBold = false } = look;
  const lines = text.split('\n');
  const first = down + 5 - ((lines.length - 1) * LINE) / 2;
  return html`<text text-anchor="${anchor}" font-weight="${isBold ? 650 : 400}" fill="${paint(fill)}"
    >${lines.map((line, i) => html`<tspan x="${right}" y="${first + i * LINE}">${line}</tspan>`)}</text
  >`;
}

function shape(
  { verdict, size, isHollow = false }: Pick<Layer & { kind: 'mark' }, 'verdict' | 'size' | 'isHollow'>,
  [x, y]: Spot,
): Markup {
  const tone = paint(TONES[verdict]);
  return html`<g
    color="${tone}"
    fill="${isHollow ? paint('surface') : tone}"
    stroke="${isHollow ? tone : 'none'}"
    stroke-width="4"
    transform="translate(${x} ${y}) scale(${size / 20})"
    >${new Markup(VERDICT_SHAPES[verdict])}</g
  >`;
}

const TONES: Readonly<Record<ShownVerdict, Paint>> = {
  normal: 'normal',
  warning: 'warning',
  drift: 'drift',
  silent: 'unknown',
  'warming-up': 'unknown',
  'not-checked': 'unknown',
};

function paint(of: Paint): string {
  return /^(none|transparent|url\(.*)$/.test(of) ? of : `var(--${of})`;
}

function share(value: number, { from, to }: Axis): number {
  return (value - from) / (to - from || 1);
}

function within([from, to]: Span, axis: Axis): Span {
  return [Math.max(0, share(from, axis)), Math.min(1, share(to, axis))];
}

function percent(of: number): string {
  return `${(100 * of).toFixed(2)}%`;
}
