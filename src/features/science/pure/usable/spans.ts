import { viewsOf, type Reference } from '../../../../core/domain/camera/reference';
import type { CameraEvent } from '../../../../core/domain/camera/event';
import type { Job } from '../../../../core/domain/camera/job';
import { freshnessOf, HABIT } from '../../../../core/domain/camera/time/freshness';
import { effortsOf, reachesOf, type TimeInterval } from './effort';
import type { Onset } from '../../../../core/domain/usable/onset';
import {
  SET_ASIDE,
  type Span,
  type SpanByHand,
  type SpanReason,
  type Usability,
} from '../../../../core/domain/usable/span';
import { trackOf, type Mark } from '../../../../core/domain/usable/track';

export interface UsableTime {
  /** as the page found them and as a person corrected them: in order, one from the end of the other */
  readonly spans: readonly Span[];
  /** as the page found them alone */
  readonly found: readonly Span[];
  readonly onsets: readonly Onset[];
  /** the times that snapshots stand for: in order, they do not overlap */
  readonly efforts: readonly TimeInterval[];
}

export interface UsableFacts {
  /** one for each snapshot, in capture order; see `oncePresent` */
  readonly jobs: readonly Job[];
  readonly events: readonly CameraEvent[];
  readonly byHand: readonly SpanByHand[];
  /** of the camera: a span goes on from one to the next of the same view */
  readonly references: readonly Pick<Reference, 'id' | 'version' | 'beganAt'>[];
  /** until when the camera has been silent since its newest snapshot, in milliseconds since 1970; null if it is not */
  readonly silentUntil: number | null;
}

/** A pause of fewer steps is no silence, whatever the habit. */
const LEAST_MISSING = 3;

interface Piece extends TimeInterval {
  readonly usability: Usability;
  readonly reason: SpanReason;
  readonly referenceId: string | null;
  readonly byHandId: string | null;
}

/**
 * How far a camera's pictures could be used, from its first snapshot to its last. A span goes on over a night in which the
 * camera rests; `effort` is the time of it that snapshots stand for.
 */
export function usableTimeOf({ jobs, events, byHand, references, silentUntil }: UsableFacts): UsableTime {
  const { marks: own, onsets, breaks } = trackOf(jobs, events);
  const views = viewsOf(references);
  const marks = own.map((mark) => {
    const view = views.get(mark.referenceId ?? '') ?? mark.referenceId;
    return view === mark.referenceId ? mark : { ...mark, referenceId: view };
  });
  if (marks.length === 0) return { spans: [], found: [], onsets, efforts: [] };
  const times = marks.map(({ at }) => at);
  const reaches = reachesOf(times);
  const efforts = effortsOf(times, reaches);
  const edges = [...breaks, ...onsets.map(({ at }) => at)].sort((a, b) => a - b);
  const pieces = piecesOf({ marks, efforts, reaches, edges, silentUntil });
  const evidence = { marks, efforts };
  const found = merged(withoutLone(withEvidence(merged(pieces), evidence)));
  return {
    found: withEvidence(found, evidence),
    spans:
      byHand.length === 0 ? withEvidence(found, evidence) : withEvidence(corrected(found, byHand), evidence),
    onsets,
    efforts,
  };
}

interface Course {
  readonly marks: readonly Mark[];
  readonly efforts: readonly TimeInterval[];
  readonly reaches: Float64Array;
  /** times between two snapshots at which a span begins, ascending */
  readonly edges: readonly number[];
  readonly silentUntil: number | null;
}

/** One piece for each snapshot, and one for each silence between two. */
function piecesOf({ marks, efforts, reaches, edges, silentUntil }: Course): Piece[] {
  const pieces: Piece[] = [];
  let begin = efforts[0]!.begin;
  let edge = 0;
  const silent = new Set<number>();
  const silence = { usability: 'silent', reason: 'silent', referenceId: null, byHandId: null } as const;
  for (const [i, { at, usability, reason, referenceId }] of marks.entries()) {
    const own = { usability, reason, referenceId, byHandId: null };
    const next = marks[i + 1];
    if (!next) {
      const isSilent = silentUntil !== null && silentUntil > efforts[i]!.end;
      pieces.push({ ...own, begin, end: efforts[i]!.end });
      if (isSilent) pieces.push({ ...silence, begin: efforts[i]!.end, end: silentUntil });
      break;
    }
    if (next.at === at) continue;
    if (next.at - at > LEAST_MISSING * reaches[i]! && isSilence(marks, i, silent)) {
      silent.add(i);
      const [from, to] = [efforts[i]!.end, efforts[i + 1]!.begin];
      pieces.push({ ...own, begin, end: from }, { ...silence, begin: from, end: to });
      begin = to;
      continue;
    }
    while (edge < edges.length && edges[edge]! <= at) edge += 1;
    // A cleaning, or an onset, is where it is known to be.
    const known = edges[edge];
    const end = known !== undefined && known <= next.at ? known : (at + next.at) / 2;
    pieces.push({ begin, end, usability, reason, referenceId, byHandId: null });
    begin = end;
  }
  return pieces;
}

/**
 * True if the camera should have looked before the next snapshot: three snapshots are missing by its habit of
 * two weeks, and no pause of these was as long, leaving out silences until there were two.
 */
function isSilence(marks: readonly Mark[], place: number, silent: ReadonlySet<number>): boolean {
  const [at, next] = [marks[place]!.at, marks[place + 1]!.at];
  let [first, usual, longest, second] = [place, 0, 0, 0];
  for (; first > 0 && marks[first - 1]!.at > at - HABIT; first -= 1) {
    const pause = marks[first]!.at - marks[first - 1]!.at;
    if (!silent.has(first - 1)) usual = Math.max(usual, pause);
    else [longest, second] = [Math.max(longest, pause), Math.max(second, Math.min(longest, pause))];
  }
  if (next - at <= Math.max(usual, second)) return false;
  const freshness = freshnessOf(marks.slice(first, place + 1).map((mark) => mark.at));
  return freshness !== null && next > freshness.silentFrom;
}

/** Pieces that follow each other as one where they are alike; each has the reason that lasted longest. */
function merged(pieces: readonly Piece[]): Piece[] {
  const spans: Piece[] = [];
  for (let i = 0; i < pieces.length;) {
    const first = pieces[i]!;
    let [end, referenceId] = [first.end, first.referenceId];
    const lengths = new Map<SpanReason, number>();
    for (; i < pieces.length && isAlike(first, pieces[i]!); i += 1) {
      const piece = pieces[i]!;
      lengths.set(piece.reason, (lengths.get(piece.reason) ?? 0) + piece.end - piece.begin);
      referenceId ??= piece.referenceId;
      end = piece.end;
    }
    const [reason] = [...lengths].reduce((most, each) => (each[1] > most[1] ? each : most));
    if (end > first.begin) spans.push({ ...first, end, reason, referenceId });
  }
  return spans;
}

/**
 * One snapshot between two spans that are alike is part of them where it tells nothing, as a file that can't be read,
 * and where they are set aside: another view, the dark or murk is no end of a fouling. What shows these is never usable.
 */
function withoutLone(spans: readonly Span[]): Piece[] {
  return spans.map((span, i) => {
    const [before, after] = [spans[i - 1], spans[i + 1]];
    const isLone = span.snapshots === 1 && !['usable', 'fouled'].includes(span.usability);
    if (!isLone || !before || !after || !isAlike(before, after)) return span;
    const isPart = span.usability === 'unknown' || SET_ASIDE.includes(before.usability);
    if (!isPart || before.snapshots === 0) return span;
    const { usability, reason, referenceId } = before;
    return { ...span, usability, reason, referenceId };
  });
}

/** The page's findings with a person's corrections in their place; the later word counts. */
function corrected(found: readonly Piece[], byHand: readonly SpanByHand[]): Piece[] {
  let pieces: readonly Piece[] = found;
  for (const { id, begin, end, usability } of [...byHand].sort((a, b) => a.madeAt - b.madeAt)) {
    pieces = pieces.flatMap((piece) => {
      const inside = { begin: Math.max(begin, piece.begin), end: Math.min(end, piece.end) };
      if (inside.end <= inside.begin) return [piece];
      return [
        { ...piece, end: inside.begin },
        { ...piece, ...inside, usability, reason: 'by-hand' as const, byHandId: id },
        { ...piece, begin: inside.end },
      ].filter((part) => part.end > part.begin);
    });
  }
  return merged(pieces);
}

function isAlike(a: Piece, b: Piece): boolean {
  // A time that a person has described is one span, with any findings.
  if (a.byHandId !== null || b.byHandId !== null) return a.byHandId === b.byHandId;
  return a.usability === b.usability && a.referenceId === b.referenceId;
}

/** Adds the snapshots' evidence to each span. */
function withEvidence(
  pieces: readonly Piece[],
  { marks, efforts }: { readonly marks: readonly Mark[]; readonly efforts: readonly TimeInterval[] },
): Span[] {
  let [mark, effort] = [0, 0];
  return pieces.map((piece) => {
    let [snapshots, seconds] = [0, 0];
    let cover: number | null = null;
    let timesOfLimit: number | null = null;
    for (; mark < marks.length && marks[mark]!.at < piece.end; mark += 1) {
      const snapshot = marks[mark]!;
      snapshots += 1;
      cover = larger(cover, snapshot.cover);
      timesOfLimit = larger(timesOfLimit, snapshot.timesOfLimit);
    }
    while (effort < efforts.length && efforts[effort]!.end <= piece.begin) effort += 1;
    for (let i = effort; i < efforts.length && efforts[i]!.begin < piece.end; i += 1) {
      seconds += Math.max(0, Math.min(piece.end, efforts[i]!.end) - Math.max(piece.begin, efforts[i]!.begin));
    }
    return { ...piece, snapshots, cover, timesOfLimit, effort: seconds };
  });
}

function larger(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}
