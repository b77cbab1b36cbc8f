import type { Embedding } from './embedding';

/** At or below this p-value two sets are said to differ. */
export const SIGNIFICANT = 0.01;

export interface Member {
  /** empty if it is not known */
  readonly name: string;
  readonly embedding: Embedding;
  /** milliseconds since 1970; null if it is not known */
  readonly capturedAt: number | null;
}

/** At most `most` (integer ≥ 2) items in their order, spread evenly, first and last included. */
export function spreadSample<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => items[Math.round(i * step)]!);
}

/**
 * How many members of `b` are in `a` too: they have the same name, and not two different capture times, or exactly
 * the same embedding. A camera card numbers its files anew, so a name alone is not enough where the times say more.
 */
export function countOverlap(a: readonly Member[], b: readonly Member[]): number {
  const embeddings = new Set(a.map(({ embedding }) => embedding.join()));
  const timesByName = new Map<string, (number | null)[]>();
  for (const { name, capturedAt } of a) {
    if (name === '') continue;
    const times = timesByName.get(name);
    if (times) times.push(capturedAt);
    else timesByName.set(name, [capturedAt]);
  }
  const isIn = ({ name, embedding, capturedAt }: Member) =>
    embeddings.has(embedding.join()) ||
    timesByName.get(name)?.some((at) => at === null || capturedAt === null || at === capturedAt) === true;
  return b.filter(isIn).length;
}

/**
 * How many permutations to ask a test for: as many as wanted, or all orderings where there are fewer.
 *
 * Frouros divides `conservative` p-values by the number asked for even where fewer orderings exist: of 2 and 2
 * embeddings, 24 orderings of which 8 are extreme would give 9 / 1001 instead of 9 / 25.
 *
 * @param size - n + m ≥ 2, the embeddings of both samples
 */
export function usablePermutations(size: number, wanted: number): number {
  let orderings = 1;
  for (let i = 2; i <= size && orderings < wanted; i++) orderings *= i;
  return Math.min(wanted, orderings);
}

/**
 * The smallest p-value, in the long run, that a permutation test of n and m samples can give, however different they
 * are: the split as it is is one of all splits, and with n = m its mirror image has the same distance.
 */
export function smallestPValue(n: number, m: number, numPermutations: number): number {
  const small = Math.min(n, m);
  let splits = n === m ? 0.5 : 1;
  for (let i = 1; i <= small && splits <= numPermutations + 1; i++) splits *= (n + m - small + i) / i;
  return Math.max(1 / splits, 1 / (numPermutations + 1));
}

/** Counts in bins of equal width. */
export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

/** The most bins, and the most that would fit side by side between the outermost of what is drawn. */
const MOST_BINS = 24;
const MOST_ACROSS = 120;

/**
 * Permuted statistics in bins between their smallest and largest; in fewer of them when the observed one is so far
 * away that finer bins could not be told apart in a picture that shows both.
 *
 * @param statistics - at least one
 */
export function permutationHistogram(statistics: ArrayLike<number>, observed: number): Histogram {
  let from = Infinity;
  let to = -Infinity;
  for (let i = 0; i < statistics.length; i++) {
    from = Math.min(from, statistics[i]!);
    to = Math.max(to, statistics[i]!);
  }
  const across = Math.max(to, observed) - Math.min(from, observed);
  const fitting = across > 0 ? Math.round((MOST_ACROSS * (to - from)) / across) : 1;
  const counts = new Array<number>(from === to ? 1 : Math.max(1, Math.min(MOST_BINS, fitting))).fill(0);
  for (let i = 0; i < statistics.length; i++) {
    const place = from === to ? 0 : Math.floor(((statistics[i]! - from) / (to - from)) * counts.length);
    counts[Math.min(counts.length - 1, place)]! += 1;
  }
  return { from, to, counts };
}
