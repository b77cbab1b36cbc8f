import type { Size } from '../model/model';

/** Unit of lengths in this folder, unless stated otherwise: pixels of a picture of this width. */
export const GLASS_WIDTH = 192;

/** A snapshot of the size of `glassSize`, in red, green and blue bytes, row by row. */
export interface GlassPicture extends Size {
  readonly data: Uint8Array;
}

/** The pictures of the commonest shape; of two equally common ones, the first. */
export function ofCommonestShape<T extends { readonly picture: Size }>(known: readonly T[]): readonly T[] {
  const counts = new Map<number, number>();
  for (const { picture } of known) counts.set(picture.height, (counts.get(picture.height) ?? 0) + 1);
  const [commonest] = [...counts].sort((a, b) => b[1] - a[1]);
  return known.filter(({ picture }) => picture.height === commonest?.[0]);
}

/**
 * The size that a snapshot is shrunk to, its shape kept to 1 %.
 *
 * @param source - of the file's picture
 * @returns 192 wide, the height a multiple of 4 from 24 to 384: shapes from 8:1 to 1:2
 */
export function glassSize({ height, width }: Size): Size {
  const nearest = 4 * Math.round((GLASS_WIDTH * height) / width / 4);
  return { height: Math.min(2 * GLASS_WIDTH, Math.max(24, nearest)), width: GLASS_WIDTH };
}
