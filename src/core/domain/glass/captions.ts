import type { Size } from '../model/model';
import { cellGrid, emptyCellSums } from './cells';
import { GROWTH_CELL } from './growth';
import { keptBy, type GlassKernels } from './kernels';
import { deviations, means, median, medians } from './order';
import { NO_MOVE } from './move';

/**
 * A caption's contrast varies less than this share of the usual variation, because no water is in front of it: the caption
 * of OBSEA 2023 has 0.05 to 0.08, rocks near the demo camera 0.36 and more.
 */
const STILL_SHARE = 0.25;
/** Largest variation of a caption's contrast, and largest difference from that of the mean picture, as logarithms. */
const STILL = 0.2;
/** Energy of text in the finest band, as a multiple of the usual energy. */
const SHARP = 4;

/**
 * Cells in which text is written over the picture: the sharpest edges, which neither move nor fade with the water.
 *
 * @param finest - band `finest` of the reference's snapshots, as they are: captions do not move with the scene
 * @returns places among the cells of `Growth`, ascending; none in water that is always equally clear
 */
export function captionCells(finest: readonly Float32Array[], size: Size, kernels: GlassKernels): number[] {
  const pattern = keptBy(kernels, means(finest));
  const { height, width } = cellGrid(size, GROWTH_CELL);
  const sums = emptyCellSums(height * width);
  let energy = new Float32Array(0);
  const gains = finest.map((band) => {
    kernels.sumCells(band, pattern, size, GROWTH_CELL, NO_MOVE, sums);
    energy = Float32Array.from(sums.own);
    return Float32Array.from(sums.both, (both, cell) =>
      Math.log(Math.max(0.05, both / (sums.own[cell]! + 1e-12))),
    );
  });
  const middle = medians(gains);
  const wander = deviations(gains, middle);
  const usualWander = median(wander);
  const usualEnergy = median(energy);
  // A cell that shows nothing of the mean picture has the least gain in all of them, and does not vary either.
  return [...wander.keys()].filter(
    (cell) =>
      wander[cell]! < Math.min(STILL, STILL_SHARE * usualWander) &&
      Math.abs(middle[cell]!) < STILL &&
      energy[cell]! > SHARP * usualEnergy,
  );
}
