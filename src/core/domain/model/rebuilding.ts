/** How well a model's decoder gives back a camera's clean snapshots: mean squared errors, in units of the 0..1 tensor. */
export interface Rebuilding {
  /** clean snapshots of days that the decoder was not trained on */
  readonly keptOut: number;
  readonly keptOutDays: number;
  /** of the decoder as it was */
  readonly before: number;
  /** of the trained one */
  readonly after: number;
  /** of the mean of the pictures that the decoder was trained on, put in place of each */
  readonly meanPicture: number;
}

/**
 * Whether an error map can be shown: a decoder that is no better than one picture for all of them would mark whatever
 * differs from that picture.
 */
export function isGoodEnough({ after, meanPicture }: Rebuilding): boolean {
  return after <= meanPicture;
}

/**
 * What pictures have in common.
 *
 * @param pictures - one or more, of the same length
 * @returns of each byte the mean
 * @throws RangeError when there are none
 */
export function meanPictureOf(pictures: Iterable<Uint8Array>): Float32Array<ArrayBuffer> {
  let sums = new Float64Array(0);
  let count = 0;
  for (const picture of pictures) {
    if (count === 0) sums = new Float64Array(picture.length);
    for (let i = 0; i < sums.length; i++) sums[i]! += picture[i]!;
    count += 1;
  }
  if (count === 0) throw new RangeError('the mean of no pictures');
  return Float32Array.from(sums, (sum) => sum / count);
}

/**
 * How far a picture is from the mean one.
 *
 * @param mean - as {@link meanPictureOf} gives it
 * @param picture - bytes, as many
 * @returns mean squared difference in units of full light, comparable with a reconstruction's error
 */
export function squaredDifference(mean: Float32Array, picture: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < mean.length; i++) sum += (picture[i]! - mean[i]!) ** 2;
  return sum / (255 ** 2 * mean.length);
}
