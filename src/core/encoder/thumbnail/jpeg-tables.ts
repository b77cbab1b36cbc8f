/** Number of codes of each length from 1 to 16, and their symbols, the shortest first. */
export interface HuffmanCodes {
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
}

/** Codes of one kind of component. */
export interface ComponentTables {
  /** 8 × 8 quantization steps at quality 50, row by row */
  readonly steps: readonly number[];
  /** codes for the first coefficient of a block */
  readonly first: HuffmanCodes;
  /** codes for the others: zeros before it in the upper four bits, its size in the lower */
  readonly others: HuffmanCodes;
}

const SIZES = Array.from({ length: 12 }, (_, size) => size);
const ALL = [0x00, 0xf0, ...Array.from({ length: 160 }, (_, i) => (Math.floor(i / 10) << 4) + (i % 10) + 1)];

/** The usual ones in this order, then all the others by their number. */
function withRest(usual: string): number[] {
  const first = usual.split(' ').map((symbol) => Number.parseInt(symbol, 16));
  return [...first, ...ALL.filter((symbol) => !first.includes(symbol)).sort((a, b) => a - b)];
}

/** @see ITU-T T.81, tables K.1, K.3 and K.5 */
export const BRIGHTNESS: ComponentTables = {
  steps: [
    ...[16, 11, 10, 16, 24, 40, 51, 61],
    ...[12, 12, 14, 19, 26, 58, 60, 55],
    ...[14, 13, 16, 24, 40, 57, 69, 56],
    ...[14, 17, 22, 29, 51, 87, 80, 62],
    ...[18, 22, 37, 56, 68, 109, 103, 77],
    ...[24, 35, 55, 64, 81, 104, 113, 92],
    ...[49, 64, 78, 87, 103, 121, 120, 101],
    ...[72, 92, 95, 98, 112, 100, 103, 99],
  ],
  first: { counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], symbols: SIZES },
  others: {
    counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
    symbols: withRest(
      '01 02 03 00 04 11 05 12 21 31 41 06 13 51 61 07 22 71 14 32 81 91 a1 08 23 42 b1 c1 15 52 d1 f0 24 33 62 72 82',
    ),
  },
};

/** @see ITU-T T.81, tables K.2, K.4 and K.6 */
export const COLOURS: ComponentTables = {
  steps: [
    ...[17, 18, 24, 47, 99, 99, 99, 99],
    ...[18, 21, 26, 66, 99, 99, 99, 99],
    ...[24, 26, 56, 99, 99, 99, 99, 99],
    ...[47, 66, 99, 99, 99, 99, 99, 99],
    ...Array<number>(32).fill(99),
  ],
  first: { counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], symbols: SIZES },
  others: {
    counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119],
    symbols: withRest(
      '00 01 02 03 11 04 05 21 31 06 12 41 51 07 61 71 13 22 32 81 08 14 42 91 a1 b1 c1 09 23 33 52 f0 15 62 72 d1 0a 16 24 34 e1 25 f1',
    ),
  },
};

/** Places of 8 × 8, row by row, in the order in which a JPEG has them. */
export const ZIGZAG: readonly number[] = Array.from({ length: 64 }, (_, place) => place).sort(
  (a, b) => alongDiagonals(a) - alongDiagonals(b),
);

function alongDiagonals(place: number): number {
  const [row, column] = [place >> 3, place & 7];
  const diagonal = row + column;
  return 8 * diagonal + (diagonal % 2 === 0 ? column : row);
}
