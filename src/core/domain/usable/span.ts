import { CAMERA_TIME } from '../camera/time/zone';
import type { ConclusionCode } from '../glass/conclusion';
import { id, instant, note, oneOf, optional, row, type RowOf } from '../row';

/** How far what was seen through a lens can be used, for counts of fish and the like. */
export const USABILITIES = [
  /** the lens is clean */
  'usable',
  /** the window says warning, or the lens was on its way to what it was called later */
  'suspect',
  /** growth, film, sediment, blur or something else on the lens */
  'fouled',
  /** the lens is clean as far as can be told, and the water hides most of the scene */
  'murky',
  /** the camera shows another view than its reference, or is turned */
  'moved',
  'dark',
  /** no snapshot came */
  'silent',
  /** there are snapshots, and nothing can be told of them */
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
  /** largest distance in times of the drift limit of who spoke; null if nobody could */
  readonly timesOfLimit: number | null;
}

/** A person's correction of a time: kept beside what was found, which stays. */
export const SPAN_BY_HAND = row({
  id,
  cameraId: id,
  usability: oneOf(USABILITIES),
  /** milliseconds since 1970; `end` does not belong to it */
  begin: instant,
  end: instant,
  note,
  /** absent if the camera still has the zone of then */
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
