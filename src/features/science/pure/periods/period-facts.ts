import { csvLines, withoutFormula } from '../../../../core/domain/camera/results';
import { isoSeconds, type Verdict } from '../../../../core/domain/camera/summary';
import { verdictOf, type CompletedJob } from '../../../../core/domain/camera/job';
import { IMAGE_PROPERTIES, type MeasuredProperty } from '../../../../core/domain/picture/property-table';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A stretch of time: `to` does not belong to it. Milliseconds since 1970. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** How numbers are spread. */
export interface Spread {
  readonly count: number;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

/** What is compared beside the properties of pictures: squared MMD, and a share of the glass. */
export const MEASURES = ['distance', 'growth', 'loss', 'cover'] as const;
export type Measure = (typeof MEASURES)[number];

/** What a period shows. */
export interface PeriodFacts {
  readonly snapshots: number;
  /** days of UTC with a snapshot */
  readonly days: number;
  /** capture times of the first and the last; null where there is none */
  readonly first: number | null;
  readonly last: number | null;
  /** of those numbers that any snapshot has */
  readonly measures: Readonly<Partial<Record<Measure, Spread>>>;
  readonly properties: Readonly<Partial<Record<MeasuredProperty, Spread>>>;
  /** how many snapshots have each verdict */
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
}

/** Those of a period, in order. */
export function jobsWithin<J extends Pick<CompletedJob, 'capturedAt'>>(
  jobs: readonly J[],
  { from, to }: Period,
): J[] {
  return jobs.filter(({ capturedAt }) => capturedAt >= from && capturedAt < to);
}

/** @param jobs - of one model, in capture order */
export function periodFacts(jobs: readonly CompletedJob[]): PeriodFacts {
  const verdicts: Partial<Record<Verdict, number>> = {};
  for (const job of jobs) {
    const verdict = verdictOf(job);
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  }
  const measured: Readonly<Record<Measure, (job: CompletedJob) => number | null | undefined>> = {
    distance: ({ distance }) => distance,
    growth: ({ glass }) => glass?.growth?.distance,
    loss: ({ glass }) => glass?.loss?.distance,
    cover: ({ glass }) => (glass?.growth ? glass.cover : null),
  };
  return {
    snapshots: jobs.length,
    days: new Set(jobs.map(({ capturedAt }) => dayOf(capturedAt))).size,
    first: jobs[0]?.capturedAt ?? null,
    last: jobs.at(-1)?.capturedAt ?? null,
    measures: spreads(MEASURES, (key) => jobs.map((job) => measured[key](job))),
    properties: spreads(
      IMAGE_PROPERTIES.map(({ key }) => key),
      (key) => jobs.map(({ properties }) => properties[key]),
    ),
    verdicts,
  };
}

function spreads<Key extends string>(
  keys: readonly Key[],
  valuesOf: (key: Key) => readonly (number | null | undefined)[],
): Partial<Record<Key, Spread>> {
  const found: Partial<Record<Key, Spread>> = {};
  for (const key of keys) {
    const values = valuesOf(key).filter((value) => typeof value === 'number' && Number.isFinite(value));
    if (values.length > 0) found[key] = spreadOf(values as number[]);
  }
  return found;
}

/**
 * Median and quartiles, between two values in proportion.
 *
 * @param values - at least one
 * @see equals numpy's `percentile` (tests/fixtures/periods.json)
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    const [below, above] = [sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!];
    return below + (above - below) * (place - low);
  };
  return { count: values.length, lower: at(0.25), median: at(0.5), upper: at(0.75) };
}

/** The day of UTC that a moment lies in, as a number of days. */
function dayOf(at: number): number {
  return Math.floor(at / DAY);
}

/** Items by the day of UTC that they were taken on, in order. */
export function byDay<T extends { readonly capturedAt: number }>(items: readonly T[]): T[][] {
  const days = new Map<number, T[]>();
  for (const item of items) {
    const day = dayOf(item.capturedAt);
    const others = days.get(day);
    if (others) others.push(item);
    else days.set(day, [item]);
  }
  return [...days.values()];
}

/** A snapshot of each period, taken at the same hour of the day. */
export interface HourPair {
  /** of UTC, 0 … 23 */
  readonly hour: number;
  readonly a: CompletedJob;
  readonly b: CompletedJob;
}

/**
 * Snapshots to be looked at beside each other: of hours of the day in which both periods have some, those that have the
 * most, and of each the one in the middle of its period.
 */
export function hourPairs(a: readonly CompletedJob[], b: readonly CompletedJob[], most: number): HourPair[] {
  const byHour = (jobs: readonly CompletedJob[]) => {
    const hours = new Map<number, CompletedJob[]>();
    for (const job of jobs) {
      const hour = Math.floor((job.capturedAt % DAY) / HOUR);
      const others = hours.get(hour);
      if (others) others.push(job);
      else hours.set(hour, [job]);
    }
    return hours;
  };
  const [ofA, ofB] = [byHour(a), byHour(b)];
  const middle = (jobs: readonly CompletedJob[]) => jobs[(jobs.length - 1) >> 1]!;
  return [...ofA]
    .flatMap(([hour, inA]) => {
      const inB = ofB.get(hour);
      return inB ? [{ hour, inA, inB }] : [];
    })
    .sort((x, y) => Math.min(y.inA.length, y.inB.length) - Math.min(x.inA.length, x.inB.length))
    .slice(0, most)
    .sort((x, y) => x.hour - y.hour)
    .map(({ hour, inA, inB }) => ({ hour, a: middle(inA), b: middle(inB) }));
}

/** How far two periods are apart as a whole. */
export interface Apart {
  /** squared MMD of the embeddings of the snapshots that count */
  readonly distance: number;
  /** when single snapshots are regrouped, which are not independent: too small */
  readonly pBySnapshot: number;
  readonly permutations: number;
  /** when whole days are regrouped; null where there are too few */
  readonly pByDay: number | null;
  readonly splits: number;
  readonly isExhaustive: boolean;
  readonly sigma: number;
  /** how many snapshots were compared */
  readonly used: { readonly a: number; readonly b: number };
}

/** Two periods with what was found. */
export interface PeriodsCompared {
  readonly camera: string;
  readonly modelSha256: string;
  readonly a: Period & { readonly facts: PeriodFacts };
  readonly b: Period & { readonly facts: PeriodFacts };
  /** null where it was not computed */
  readonly apart: Apart | null;
}

const COLUMNS = [
  'quantity',
  'a_count',
  'a_lower',
  'a_median',
  'a_upper',
  'b_count',
  'b_lower',
  'b_median',
  'b_upper',
];

/** The facts as CSV (RFC 4180): a row for each quantity, with the number of snapshots and the quartiles of each period. */
export function periodsCsv({ a, b, apart }: PeriodsCompared): string {
  const cells = (spread: Spread | undefined) =>
    spread ? [spread.count, spread.lower, spread.median, spread.upper].map(String) : ['0', '', '', ''];
  const one = (name: string, inA: number | string, inB: number | string) => [
    name,
    String(inA),
    '',
    '',
    '',
    String(inB),
    '',
    '',
    '',
  ];
  const verdicts = [
    ...new Set([...Object.keys(a.facts.verdicts), ...Object.keys(b.facts.verdicts)]),
  ] as Verdict[];
  const rows = [
    one('snapshots', a.facts.snapshots, b.facts.snapshots),
    one('days', a.facts.days, b.facts.days),
    one('from', isoSeconds(a.from), isoSeconds(b.from)),
    one('to', isoSeconds(a.to), isoSeconds(b.to)),
    ...verdicts.map((v) => one(`verdict: ${v}`, a.facts.verdicts[v] ?? 0, b.facts.verdicts[v] ?? 0)),
    ...MEASURES.map((key) => [key, ...cells(a.facts.measures[key]), ...cells(b.facts.measures[key])]),
    ...IMAGE_PROPERTIES.map(({ key }) => [
      key,
      ...cells(a.facts.properties[key]),
      ...cells(b.facts.properties[key]),
    ]),
    ...(apart
      ? [
          one('mmd2', apart.distance, ''),
          one('p_by_snapshot_too_small', apart.pBySnapshot, ''),
          one('p_by_day', apart.pByDay ?? '', ''),
        ]
      : []),
  ];
  return csvLines([COLUMNS, ...rows.map((row) => row.map(withoutFormula))]);
}

const NOTE =
  'Snapshots in a row look alike, so p_by_snapshot is too small; p_by_day regroups whole days. A difference between two periods is not a dirty lens: weather, light and season make periods differ too.';

/**
 * The same as JSON, with times and what the comparison was made with.
 *
 * @param madeBy - what the numbers of its snapshots are made by, as `madeBy` says it
 */
export function periodsJson({ camera, modelSha256, a, b, apart }: PeriodsCompared, madeBy: object): string {
  const period = ({ from, to, facts }: PeriodsCompared['a']) => ({
    from: isoSeconds(from),
    to: isoSeconds(to),
    ...facts,
    first: facts.first === null ? null : isoSeconds(facts.first),
    last: facts.last === null ? null : isoSeconds(facts.last),
  });
  return JSON.stringify({
    note: NOTE,
    made_by: madeBy,
    camera,
    model_sha256: modelSha256,
    a: period(a),
    b: period(b),
    apart: apart && {
      mmd2: apart.distance,
      sigma: apart.sigma,
      p_by_snapshot: apart.pBySnapshot,
      permutations: apart.permutations,
      p_by_day: apart.pByDay,
      day_splits: apart.splits,
      is_every_split: apart.isExhaustive,
      used: apart.used,
    },
  });
}
