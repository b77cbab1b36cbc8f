/**
 * A limit of the distance. Kernels are between 0 and 1, so the unbiased MMD² of n and m embeddings, a + b - 2c of three
 * mean kernels, is at most 1 + 1 - 0 = 2. The biased one is never below 0, and taking its diagonals away takes at most
 * 1/n + 1/m, so it is at least -1 for pairs. A limit from 2 on is never exceeded, one below -1 always.
 * Plain JavaScript, because the station's door reads it too.
 */
export const LIMIT = { least: -1, most: 1.999 };
