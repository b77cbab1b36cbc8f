import {
  heightOf,
  isBroken,
  LIMIT_HEIGHTS,
  longestStep,
  type Calendar,
  type Course,
  type Grade,
} from '../../domain/camera/course';
import { verdictOf } from '../../domain/camera/verdict';
import { spokenOf } from '../../domain/camera/spoken';
import type { RisingTrend } from '../../domain/drift/trend';
import { verdictWordsOf } from '../../i18n/conclusion-words';
import { timelineWords } from '../../../words/timeline';
import { timeTicks, type Layer, type Paint, type Scene, type Spot } from '../chart';
import { flagName, shortName, type Flag } from './flags';
import type { TimeView } from './time-view';

const DAY = 86_400_000;
/** Room left of a plot for the words of its axis. */
const BESIDE = { left: 112, right: 12 };
/** A prediction bends at the warning limit. */
const STEPS = 24;
const NEWEST = 18;
/** Of the axis of time, and the letters' room of one. */
const MOST_TICKS = 4;
const TICK = 9;
/** Room above it for flags, each a target of 44 pixels. */
const ABOVE = 48;
/** Of a chart on which everything is below the first limit. */
const FLAT = { height: 96, beside: { left: 12, right: 12 } };
/** Room below zero, so that a clear lens's line does not lie on the edge. */
const FLOOR = -0.05;
/** Depth of a grade's colour: without colours, the darker the worse. */
export const SHADES: Readonly<Record<Grade, { readonly fill: Paint; readonly opacity: number }>> = {
  unjudged: { fill: 'unknown', opacity: 0.12 },
  low: { fill: 'normal', opacity: 0.25 },
  normal: { fill: 'normal', opacity: 0.5 },
  warning: { fill: 'warning', opacity: 0.65 },
  drift: { fill: 'drift', opacity: 0.7 },
  far: { fill: 'drift', opacity: 1 },
};

export interface TimelineData {
  readonly label: string;
  readonly course: Course;
  readonly view: TimeView;
  /** places of the course that are drawn, those of the view and one beyond it on each side */
  readonly places: readonly number[];
  /** usual time between two snapshots, in milliseconds; null for fewer than two */
  readonly usualStep: number | null;
  readonly flags: readonly Flag[];
  /** how the distance goes on; null when that can't be told */
  readonly forecast: RisingTrend | null;
  /** of the width, that a letter of a flag's name needs */
  readonly letter: number;
  /** of the width, from where on flags hang left of their lines */
  readonly leftFrom: number;
  /** the lens is clear: fewer words while nobody points at it, and no bands that nothing reaches; null shows all */
  readonly calm: 'at-rest' | 'pointed' | null;
}

/** A camera between its limits over capture time in UTC: what happened to it, where it stands, how it goes on. */
export function timelineScene(data: TimelineData): Scene {
  const { label, course, view, places, usualStep, forecast, calm } = data;
  const { warning, drift } = LIMIT_HEIGHTS;
  const isFlat = calm !== null && !forecast && places.every((place) => !(course.heights[place]! > warning));
  const { words } = verdictWordsOf(course.jobs[0]);
  const newest = course.scored.at(-1);
  const newestSpot: Spot = [course.at[newest ?? 0] ?? 0, course.heights[newest ?? 0] ?? 0];
  const isSeen = newestSpot[0] >= view.from && newestSpot[0] <= view.to;
  return {
    label,
    height: isFlat ? FLAT.height : 180,
    around: { ...(isFlat ? FLAT.beside : BESIDE), top: ABOVE, bottom: 32 },
    x: { ...view, ticks: timeTicks(view, Math.min(MOST_TICKS, Math.floor(1 / (TICK * data.letter)))) },
    y: {
      from: FLOOR,
      to: 1,
      ticks: isFlat
        ? []
        : [
            { at: (1 + drift) / 2, text: inTwoLines(words.drift), verdict: 'drift' },
            { at: (drift + warning) / 2, text: words.warning, verdict: 'warning' },
            { at: warning / 2, text: words.normal, verdict: 'normal' },
          ],
    },
    layers: [
      ...(isFlat
        ? limitOf(view, calm === 'at-rest' ? '' : words.warning)
        : [
            { kind: 'area' as const, y: [drift, 1] as const, fill: 'drift-wash' },
            { kind: 'area' as const, y: [warning, drift] as const, fill: 'warning-wash' },
          ]),
      { kind: 'rule', y: FLOOR, stroke: 'line' },
      ...(forecast ? forecastOf(course, view, forecast) : []),
      ...flagRules(data),
      courseLine(course, places, longestStep(usualStep), { stroke: 'ink', width: 2.5 }),
      ...(newest !== undefined && isSeen
        ? [
            {
              kind: 'mark' as const,
              at: newestSpot,
              verdict: verdictOf(course.jobs[newest]!),
              size: NEWEST,
            },
          ]
        : []),
    ],
  };
}

/** Each hour of each day by its worst picture, on the same axis of time; an hour without a picture stays blank. */
export function hoursScene(label: string, { days, cells }: Calendar, view: TimeView): Scene {
  return {
    label,
    height: 96,
    around: { ...BESIDE, top: 8, bottom: 8 },
    x: view,
    y: {
      from: 24,
      to: 0,
      ticks: [
        { at: 1.5, text: timelineWords.firstHour },
        { at: 12, text: '12' },
        { at: 22.5, text: '24' },
      ],
    },
    layers: cells.map(({ from, hour, grade }): Layer => ({
      kind: 'area',
      x: [from, from + days * DAY],
      y: [hour + 1, hour],
      ...SHADES[grade],
    })),
  };
}

/** The heights at some places of a course, broken where no line joins two of them. */
export function courseLine(
  course: Course,
  places: readonly number[],
  longest: number,
  look: { readonly stroke: Paint; readonly width: number },
): Layer {
  const pieces: Spot[][] = [];
  for (const [i, place] of places.entries()) {
    const before = places[i - 1];
    if (before === undefined || isBroken(course, before, place, longest)) pieces.push([]);
    pieces.at(-1)!.push([course.at[place]!, course.heights[place]!]);
  }
  return { kind: 'line', pieces, ...look };
}

/** The first limit, and its word while somebody points at the chart. */
function limitOf({ to }: TimeView, text: string): readonly Layer[] {
  const y = LIMIT_HEIGHTS.warning;
  return [
    { kind: 'rule', y, stroke: 'ink-soft', width: 1, dash: '4 3' },
    { kind: 'text', at: [to, y], move: [0, -12], anchor: 'end', text },
  ];
}

/** Letters' room of a flag beside its name. */
const AROUND = 3;

/** A line for each flag in view, without a name where names would cover each other. */
function flagRules({ flags, view, letter, leftFrom, calm }: TimelineData): readonly Layer[] {
  const nameOf = calm === 'at-rest' ? shortName : flagName;
  const seen = flags.filter(({ at }) => at >= view.from && at <= view.to);
  const length = view.to - view.from;
  const sides = new Map<Flag, 'left' | 'right'>();
  const taken: { readonly from: number; readonly to: number }[] = [];
  // A cleaning has its name before anything else.
  for (const flag of [...seen].sort((a, b) => priority(a) - priority(b))) {
    const { at } = flag;
    const name = nameOf(flag);
    if (name === '') continue;
    const space = (name.length + AROUND) * letter * length;
    const hangsLeft = at > view.from + leftFrom * length || at + space > view.to;
    for (const side of hangsLeft ? (['left', 'right'] as const) : (['right', 'left'] as const)) {
      const room = side === 'left' ? { from: at - space, to: at } : { from: at, to: at + space };
      if (sides.has(flag) || taken.some(({ from, to }) => room.from < to && from < room.to)) continue;
      sides.set(flag, side);
      taken.push(room);
    }
  }
  return seen.map((flag): Layer => {
    const isCleaned = flag.kind === 'cleaned';
    const side = sides.get(flag);
    return {
      kind: 'rule',
      x: flag.at,
      stroke: isCleaned ? 'accent' : 'ink-soft',
      width: isCleaned ? 2 : 1,
      dash: isCleaned ? 'none' : '2 3',
      flag: side ? nameOf(flag) : null,
      isLeft: side === 'left',
    };
  });
}

const priority = ({ kind }: Flag) => (kind === 'cleaned' ? 0 : kind === 'began' ? 1 : 2);

/** Dashes from the newest distance to the drift limit, in a wedge to where the 95 % band crosses it. */
function forecastOf(
  course: Course,
  view: TimeView,
  { now, perDayBand, reaches }: RisingTrend,
): readonly Layer[] {
  const last = course.jobs.at(-1);
  if (!last) return [];
  const thresholds = spokenOf(last)?.thresholds ?? last.thresholds;
  const limit = thresholds.drift;
  const begin = last.capturedAt;
  const rise = (to: number, distance: number): Spot[] =>
    Array.from({ length: STEPS + 1 }, (_, step) => {
      const share = step / STEPS;
      const here = now + share * (distance - now);
      return [begin + share * (to - begin), heightOf({ distance: here, thresholds })];
    });
  const slowest =
    reaches.latest === null
      ? [
          ...rise(view.to, now + (perDayBand[0] * (view.to - begin)) / DAY),
          [view.to, heightOf({ distance: limit, thresholds })] as const,
        ]
      : rise(reaches.latest, limit);
  return [
    {
      kind: 'line',
      pieces: [[...rise(reaches.earliest, limit), ...slowest.toReversed()]],
      fill: 'ink-soft',
      opacity: 0.2,
    },
    { kind: 'line', pieces: [rise(reaches.at, limit)], stroke: 'ink-soft', width: 1.5, dash: '3 4' },
  ];
}

/** Broken at the space that is nearest to its middle. */
function inTwoLines(text: string): string {
  const spaces = Array.from(text.matchAll(/ /g), ({ index }) => index);
  const middle = text.length / 2;
  const at = spaces.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
  return at === undefined ? text : `${text.slice(0, at)}\n${text.slice(at + 1)}`;
}
