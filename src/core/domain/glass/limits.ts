import { LEAST_CELLS, type LossFit } from './loss';
import { median, robustDeviation } from './order';
import type { GlassPicture } from './picture';

/** Limits of a camera's reference: conditions that it can't detect, or not yet. */
export const GLASS_LIMITS = [
  /** no colour: a film can't be detected */
  'grey',
  /** colours are balanced in the camera: a film can't be detected */
  'white-balance',
  /** too few places with stable structure: neither film nor blur can be detected */
  'no-texture',
  /** too few places with fine structure, as in a week of murk: blur can't be detected */
  'no-blur',
  /** the reference is of too few days for colours, which change with the weather */
  'few-days',
] as const;
export type GlassLimit = (typeof GLASS_LIMITS)[number];
/** All limits of a camera: of growth (every camera's: pale, fine algae), of loss, and those of the learned distance. */
export type CameraLimit = GlassLimit | 'pale-algae' | 'no-fit' | 'other-model';

const DAY = 86_400_000;
const LEAST_DAYS = 14;
/** Logarithm of the ratio of two colours, below which a picture has no colour. */
const NO_COLOUR = 0.02;
/** Colours are balanced if red, green and blue (logarithms) differ by less, in the whole of every picture. */
const BALANCED = 0.1;
const STEADY = 0.05;

/** Pictures and capture times (milliseconds since 1970) are of the reference. */
export function glassLimits(
  pictures: readonly GlassPicture[],
  capturedAt: readonly number[],
  loss: LossFit,
): GlassLimit[] {
  const limits: GlassLimit[] = [];
  const means = pictures.map(meanColours);
  const casts = [0, 2].map((k) => means.map((mean) => Math.log((mean[k]! + 1) / (mean[1] + 1))));
  const isGrey = loss.colour.every((cells) => cells.every((ratio) => !(Math.abs(ratio) > NO_COLOUR)));
  const isBalanced = casts.every(
    (cast) => Math.abs(median(cast)) < BALANCED && robustDeviation(cast) < STEADY,
  );
  if (isGrey) limits.push('grey');
  else if (isBalanced) limits.push('white-balance');
  const [fine, coarse] = loss.textured.map((cells) => cells.reduce((sum, cell) => sum + cell, 0));
  // Film is measured by coarse structure, blur by the finest, which murk hides.
  if (coarse! < LEAST_CELLS) limits.push('no-texture');
  else if (fine! < LEAST_CELLS) limits.push('no-blur');
  const days = new Set(capturedAt.map((time) => Math.floor(time / DAY)));
  if (days.size < LEAST_DAYS) limits.push('few-days');
  return limits;
}

/** @param fit - of its reference; null where it has none: then the learned distance judges alone */
export function cameraLimits(
  fit: { readonly limits: readonly GlassLimit[] } | null,
  isOwnModel: boolean,
): readonly CameraLimit[] {
  if (!fit) return ['no-fit'];
  return ['pale-algae', ...fit.limits, ...(isOwnModel ? [] : ['other-model' as const])];
}

function meanColours({ data }: GlassPicture): [number, number, number] {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let i = 0; i < data.length; i += 3) {
    red += data[i]!;
    green += data[i + 1]!;
    blue += data[i + 2]!;
  }
  const pixels = data.length / 3;
  return [red / pixels, green / pixels, blue / pixels];
}
