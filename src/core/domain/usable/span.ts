import { CAMERA_TIME } from '../camera/time/zone';
import type { ConclusionCode } from '../glass/conclusion';
import { id, instant, note, oneOf, optional, row, type RowOf } from '../row';

/** How far pictures can be used, for example for counts of fish. */
export const USABILITIES = [
  /** the lens is clean */
  'usable',
  /** the window has a warning, or the lens was on its way to a later drift */
  'suspect',
  /** growth, film, sediment, blur or something else on the lens */
  'fouled',
  /** the lens seems clean, and the water hides most of the scene */
  'murky',
  /** the camera shows another view than its reference, or is turned */
  'moved',
  'dark',
  /** no snapshot came */
  'silent',
  /** there are snapshots, but they can't be judged */
  'unknown',
] as const;
export type Usability = (typeof USABILITIES)[number];

/** Time in which what a detector found is set aside. Suspect and unknown time is flagged, and counts. */
export const SET_ASIDE: readonly Usability[] = ['fouled', 'murky', 'moved', 'dark', 'silent'];

/** Why a span is what it is: what its snapshots say, that none came, what followed them, or a person's word. */
export type SpanReason = ConclusionCode | 'turned' | 'unseen' | 'silent' | 'onset' | 'by-hand';

export interface Span {
  readonly usability: Usability;
  readonly reason: SpanReason;
  /** first millisecond since 1970 that belongs to it, and first that no longer does */
  readonly begin: number;
  readonly end: number;
  /** the view: id of the reference that its snapshots were compared with; null if there were none */
  readonly referenceId: string | null;
  /** id of the `SpanByHand` that made it so; null for what the page found */
  readonly byHandId: string | null;
  /** how many snapshots it rests on */
  readonly snapshots: number;
  /** how much of it snapshots stand for, in milliseconds: each for the time half-way to those beside it, up to a limit */
  readonly effort: number;
  /** largest share of the glass that was grown over, 0 … 1; null if that was not seen */
  readonly cover: number | null;
  /** largest distance that a verdict rests on, in times of its drift limit; null if there is none */
  readonly timesOfLimit: number | null;
}

/** A person's correction of a period, stored separately from the found spans. */
export const SPAN_BY_HAND = row({
  id,
  cameraId: id,
  usability: oneOf(USABILITIES),
  /** milliseconds since 1970; `end` does not belong to it */
  begin: instant,
  end: instant,
  note,
  /** absent if the camera still has that zone */
  asEntered: optional(row({ ...CAMERA_TIME.fields, begin: instant, end: instant })),
  madeAt: instant,
});
export type SpanByHand = RowOf<typeof SPAN_BY_HAND>;

/** The span that a moment lies in, of spans in order that do not overlap; null for a moment beside them. */
export function spanAt<S extends Pick<Span, 'begin' | 'end'>>(spans: readonly S[], at: number): S | null {
  const span = spans[firstEndingAfter(spans, at)];
  return span && span.begin <= at ? span : null;
}

/** Index of the first span that ends after a moment; their number if none does. */
export function firstEndingAfter(spans: readonly Pick<Span, 'end'>[], at: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.end <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
