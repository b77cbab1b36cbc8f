import { captureTimeFromName, imageNameOf } from '../camera/time/capture-time';
import type { Embedding } from '../drift/embedding';
import type { Turn } from '../glass/turn';
import {
  IMAGE_PROPERTIES,
  type PropertyComparison,
  type ImageProperties,
  type MeasuredProperty,
  type Side,
} from './property-table';

/** A remark on a snapshot beside the model's verdict. */
export type Finding =
  | UnusualProperty
  | {
      readonly kind: 'frozen';
      /** capture time of the first of the equal snapshots, in milliseconds since 1970 */
      readonly since: number;
      /** how many snapshots are equal, the newest included */
      readonly count: number;
    }
  | { readonly kind: 'other-camera'; readonly because: 'name'; readonly got: string; readonly usual: string }
  | {
      readonly kind: 'other-camera';
      readonly because: 'size';
      readonly got: PictureSize;
      readonly usual: PictureSize;
    }
  | ({ readonly kind: 'turned' } & Turn);

interface UnusualProperty {
  readonly kind: 'unusual';
  readonly property: MeasuredProperty;
  /** of the usual value */
  readonly side: Side;
  readonly hintsAt: PropertyComparison['hintsAt'];
  readonly value: number;
  /** median of the reference */
  readonly usual: number;
  /** robust standard deviations from the usual, at least 3 */
  readonly beyond: number;
}

type PictureSize = Pick<ImageProperties, 'height' | 'width'>;

/** Fewer snapshots have neither a range nor a spread to speak of. */
const LEAST_REFERENCE = 10;
/** Robust standard deviations from which on a finding is worth saying. */
const WORTH_SAYING = 3;

/**
 * How a picture differs from those of the reference in plain facts, the furthest first.
 *
 * A property counts when it lies outside all of the reference and at least 3 robust standard deviations
 * (1.4826 times the median absolute deviation) from its median. The range is asked for as well because light has
 * two humps, noon and dusk, for which the deviation alone is too narrow.
 *
 * @param reference - facts of the reference's snapshots; with fewer than 10 nothing is said
 * @see Iglewicz and Hoaglin 1993 (robust z-score)
 */
export function unusualProperties(
  picture: ImageProperties,
  reference: readonly ImageProperties[],
  table = IMAGE_PROPERTIES,
): Finding[] {
  return table
    .flatMap(({ key: property, compared }): UnusualProperty[] => {
      const value = picture[property];
      const usualValues = reference.map((facts) => facts[property]).filter(isNumber);
      if (!compared || !isNumber(value) || usualValues.length < LEAST_REFERENCE) return [];
      const { sides, floor, relativeFloor = 0, hintsAt } = compared;
      usualValues.sort((a, b) => a - b);
      const usual = middle(usualValues);
      const side = value > usual ? 'above' : 'below';
      const isInside = value >= usualValues[0]! && value <= usualValues.at(-1)!;
      if (!sides.includes(side) || isInside) return [];
      const deviations = usualValues.map((each) => Math.abs(each - usual)).sort((a, b) => a - b);
      const deviation = Math.max(1.4826 * middle(deviations), floor, relativeFloor * Math.abs(usual));
      const beyond = deviation > 0 ? Math.abs(value - usual) / deviation : Infinity;
      return beyond >= WORTH_SAYING
        ? [{ kind: 'unusual', property, side, hintsAt, value, usual, beyond }]
        : [];
    })
    .sort((a, b) => b.beyond - a.beyond);
}

interface JobProperties {
  /** milliseconds since 1970 */
  readonly capturedAt: number;
  readonly embedding: Embedding;
}

/** Equal snapshots in a row from which on the camera counts as frozen; two may be one file under two names. */
const FROZEN_COUNT = 3;
/** Largest difference between equal pictures, as a share of the spread of the reference's embeddings. */
const SAME = 1e-3;

/**
 * Tells if the newest snapshots, of different times, all show the very same picture.
 *
 * Equal means that no coordinate differs by more than a thousandth of how far snapshots usually scatter: the
 * same frame compressed again, or computed on another backend, stays within; water and light never stand so still.
 *
 * @param recent - the last snapshots of one model, in capture order, the one in question last
 * @param spread - of the model's embeddings on this camera, from {@link embeddingSpread}
 * @returns null when fewer than 3 are equal, or when the spread is not above 0
 */
export function frozen(recent: readonly JobProperties[], spread: number): Finding | null {
  const newest = recent.at(-1);
  if (!newest || !(spread > 0)) return null;
  const times = new Set([newest.capturedAt]);
  let since = newest.capturedAt;
  for (let i = recent.length - 2; i >= 0; i--) {
    const { capturedAt, embedding } = recent[i]!;
    if (!(largestDifference(embedding, newest.embedding) <= SAME * spread)) break;
    times.add(capturedAt);
    since = Math.min(since, capturedAt);
  }
  return times.size >= FROZEN_COUNT ? { kind: 'frozen', since, count: times.size } : null;
}

/**
 * How far embeddings scatter: the largest standard deviation of a coordinate.
 *
 * @param embeddings - of one model; the reference's, whose snapshots are of many hours
 * @returns in embedding units; 0 for fewer than two
 */
export function embeddingSpread(embeddings: readonly Embedding[]): number {
  const count = embeddings.length;
  const length = embeddings[0]?.length ?? 0;
  if (count < 2) return 0;
  let largest = 0;
  for (let k = 0; k < length; k++) {
    let mean = 0;
    for (const embedding of embeddings) mean += embedding[k]! / count;
    let squares = 0;
    for (const embedding of embeddings) squares += (embedding[k]! - mean) ** 2;
    largest = Math.max(largest, squares / (count - 1));
  }
  return Math.sqrt(largest);
}

/** NaN, which is below no limit, when the lengths differ. */
function largestDifference(a: Embedding, b: Embedding): number {
  if (a.length !== b.length) return NaN;
  let largest = 0;
  for (let k = 0; k < a.length; k++) largest = Math.max(largest, Math.abs(a[k]! - b[k]!));
  return largest;
}

/** This share of the names or sizes must agree before another one is worth a remark. */
const AGREEMENT = 0.9;
/** A 16:9 picture that was scaled to whole pixels is off by less. */
const SAME_PROPORTIONS = 0.02;

/**
 * Tells if a snapshot seems to come from another camera than the reference, by its name or else by its size.
 *
 * Names speak only where both have the form `YYYYMMDD-HHMMSS-<camera>.jpg`, also behind Roboflow's suffix, and
 * nine tenths of the reference's agree. Other proportions are another camera; the same ones in another
 * resolution are taken for the same camera's copy.
 *
 * @param names - of the reference's snapshots; empty strings, from imports without names, are left out
 * @param sizes - of the reference's snapshots, or of earlier jobs where those are not known
 */
export function otherCamera(
  picture: PictureSize & { readonly name: string },
  names: readonly string[],
  sizes: readonly PictureSize[],
): Finding | null {
  const got = cameraInName(picture.name);
  const usual = agreed(names.map(cameraInName).filter((name) => name !== null));
  // The same letters in another case come from file systems and exports, not from cameras.
  if (got !== null && usual !== null && got.toLowerCase() !== usual.toLowerCase()) {
    return { kind: 'other-camera', because: 'name', got, usual };
  }
  const usualSize = agreed(sizes.map(({ height, width }) => `${height} ${width}`));
  if (usualSize === null) return null;
  const [height = 0, width = 0] = usualSize.split(' ').map(Number);
  const stretch = (picture.width * height) / (picture.height * width);
  if (Math.abs(Math.log(stretch)) <= SAME_PROPORTIONS) return null;
  return {
    kind: 'other-camera',
    because: 'size',
    got: { height: picture.height, width: picture.width },
    usual: { height, width },
  };
}

const CAMERA_IN_NAME = /^\d{8}-\d{6}-(.+)\.[a-z]+$/i;

/** The camera part of `YYYYMMDD-HHMMSS-<camera>.jpg`, or null for names of another form. */
export function cameraInName(name: string): string | null {
  if (captureTimeFromName(name) === null) return null;
  return CAMERA_IN_NAME.exec(imageNameOf(name))?.[1] ?? null;
}

function agreed(values: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const [value, count] of counts) if (count >= AGREEMENT * values.length) return value;
  return null;
}

const isNumber = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value);

/** @param sorted - at least one, ascending */
function middle(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
