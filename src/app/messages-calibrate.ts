import { AppError } from '../domain/errors';
import { threeDigits } from './format';
import { explain } from './messages';

/** Every sentence of the Calibrate place, in English; loaded with it. */
export const c = {
  lead: 'Limits with a known false-alarm rate, from this camera’s own clean days; and what other settings would have said of its history. Nothing changes for the camera until you accept it.',
  computing: 'Computing…',
  failed: (error: unknown) =>
    error instanceof AppError
      ? explain(error.code, error.detail)
      : explain('unexpected', error instanceof Error ? error.message : ''),
  bandwidth: {
    title: 'Bandwidth',
    what: 'Sigma says how far apart two embeddings may be and still count as alike. It should lie among the distances between clean snapshots, which are drawn here.',
    picture: (largest: number, sigma: number) =>
      `Histogram of the distances between two clean snapshots of the reference, up to ${threeDigits(largest)}, with a line at sigma ${threeDigits(sigma)}.`,
    axis: 'distance between two clean embeddings; the line is sigma',
    verdicts: {
      'too-small':
        'Sigma is too small: to this kernel no two snapshots are alike, and every distance is about 0 whatever comes.',
      small: 'Sigma is small: few clean snapshots count as alike, so distances react late.',
      fine: 'Sigma suits these embeddings.',
      large: 'Sigma is large beside the clean cluster, which is what a model trained for it wants.',
      'too-large': 'Sigma is too large: everything counts as alike, and distances flatten.',
    },
    saturation: (sigma: number, saturation: number) =>
      `At sigma ${threeDigits(sigma)} two clean snapshots are ${threeDigits(100 * saturation)} % alike (mean kernel).`,
    useMedian: (median: number) => `Try the median heuristic, ${threeDigits(median)}`,
    useOwn: (sigma: number) => `Back to ${threeDigits(sigma)}`,
    othersTitle: 'What other libraries call the median',
    others: (median: number, other: number) =>
      `Frouros: sigma = median(d) = ${threeDigits(median)}, in exp(−d² / 2σ²); this is the one stored here. alibi-detect: σ² = median(d²) / 2, which is ${threeDigits(other)} in Frouros’ convention. Evidently: γ = 1 / median(d)², which is ${threeDigits(other)} too. Divide by √2 before comparing thresholds.`,
    noMedian: 'More than half of the clean embeddings are equal, so they have no median distance.',
  },
};
